import type { BaseName, LayerMakerName, PackageManagerName, PackageSource } from "@guise/contract";

/** One layer of an image: packages of one application, by one manager, or a part of the system that the persona chose. */
export interface ImageLayer {
  /** The application that the layer serves, for progress and logs. */
  readonly application: string;
  readonly manager: LayerMakerName;
  /** Package arguments as the manager writes them ("jq", "polars==1.*", "prettier@3"), a major of Node, a locale; validated by `applications/`. */
  readonly packages: readonly string[];
  /** Names of packages that are taken although their install scripts did not get what they asked for. */
  readonly accepts?: readonly string[];
  /** It is worth no layer of its own, though others may name it too: it is made together with others of its manager. */
  readonly isSmall?: true;
}

/** What an image is to contain. Equal plans on an equal base give the same content address. */
export interface ImagePlan {
  /** What it stands on; without it, what the engine's site has without a choice. */
  readonly base?: BaseName;
  /** In the fixed order of the catalog, so that personas share prefixes. */
  readonly layers: readonly ImageLayer[];
  /** Where packages that somebody names may come from beside the site's own mirrors. What opens them the site asks for when it builds. */
  readonly sources?: readonly PackageSource[];
  /** Raised by an operator to refresh packages without another persona version. */
  readonly packageEpoch: string;
  /** Versions of Python packages that are kept where they still fit what is asked for; no part of what the plan is. */
  readonly preferred?: readonly PackageVersion[];
  /** Reference of the image that was built of it before. As long as it is there its packages stay as they are, however images are made now. */
  readonly recorded?: string | undefined;
}

export interface PackageVersion {
  readonly name: string;
  readonly version: string;
}

/** A program that can be launched, as found in an image. */
export interface FoundLaunchable {
  /** Name of the executable or of the desktop entry. */
  readonly name: string;
  readonly title: string;
  readonly kind: "terminal" | "desktop" | "command";
  readonly command: readonly string[];
  /** The package argument (of the plan) that brought it, as `manager:package`. */
  readonly broughtBy: string;
}

export interface BuiltImage {
  /** What `start` takes: content address in the engine's own form. */
  readonly reference: string;
  readonly bytes: number;
  readonly launchables: readonly FoundLaunchable[];
  /** name, version and manager of what is installed. */
  readonly contents: readonly { readonly manager: PackageManagerName; readonly name: string; readonly version: string }[];
}

/** A package that no mirror has, by name or in the version that is asked for. */
export interface MissingPackage {
  readonly manager: PackageManagerName;
  readonly argument: string;
  /** The nearest name that the mirrors have; apt alone knows all names. */
  readonly nearest: string | undefined;
}

/** Why a set of packages cannot be had together, without the resolver's own reasoning. */
export interface Unresolved {
  /** Whose packages; of Python where it is not said. */
  readonly manager?: "apt";
  readonly kind: "no_such_package" | "no_such_version" | "clash" | "other_python" | "source_only" | "unclear";
  /** The requirements that it is about, as they were written. */
  readonly requirements: readonly string[];
  /** One sentence, and what helps. */
  readonly message: string;
}

/** What the mirrors say of the packages of a plan. */
export interface PackageFindings {
  readonly missing: readonly MissingPackage[];
  /** Why the packages of a manager cannot be had together. */
  readonly unresolved: Unresolved | undefined;
  /** Where was looked for what is missing, by manager: hosts of mirrors, and names of package sources. */
  readonly asked?: Readonly<Partial<Record<PackageManagerName, readonly string[]>>>;
}
