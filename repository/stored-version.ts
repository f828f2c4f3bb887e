import type { Amounts, PersonaCheck, VersionState } from "@guise/contract";
import type { StoredConcrete } from "#persona";

export interface NewVersion {
  readonly persona: string;
  readonly name: string;
  readonly description?: string;
  readonly digest: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly ownerGroup: string;
  readonly publishedBy: string;
  readonly publishedAt: number;
  /** It is for its author alone, `publishedBy`, until that publishes it. */
  readonly isDraft?: true;
  /** Without any it is usable as soon as it is built. A draft is told of them when it is published. */
  readonly checkPlan?: CheckPlan;
}

/** What a version must show before it is usable: checks, in a workspace of its author that is made for them. */
export interface CheckPlan {
  readonly environment: string;
  /** The group that is charged. */
  readonly group: string;
  readonly priority: string;
  readonly demand: Amounts;
  readonly concrete: StoredConcrete;
  readonly checks: readonly PersonaCheck[];
}

/** How the build of a draft stands; a published version says it in its own state. */
export type DraftBuild = Extract<VersionState, "building" | "usable" | "build_failed">;

export interface VersionRow extends Omit<NewVersion, "isDraft" | "checkPlan"> {
  readonly version: number;
  /** `draft` for every draft, so that nothing takes one for what is published. */
  readonly state: VersionState;
  readonly draft: { readonly build: DraftBuild } | undefined;
  readonly latest: boolean;
  readonly checkPlan: CheckPlan | undefined;
  /** The workspace in which its checks are run, or are to be. */
  readonly checkWorkspace: string | undefined;
  /** Nobody can request its persona any more. */
  readonly isRetired: boolean;
  /** `took`: ms; `downloading`: how much of it went for downloads. */
  readonly build: { readonly percent?: number; readonly message?: string; readonly took?: number; readonly downloading?: number };
  /** What the image was found to be: reference, bytes, launchables, contents (BuiltImage of #provisioning). */
  readonly image: Readonly<Record<string, unknown>> | undefined;
  /** Of the image, from 1; each refresh of its packages that succeeds raises it. */
  readonly revision: number;
  /** When the packages of the present revision were asked to be fresh; undefined: as the installation's own epoch says. */
  readonly epoch: string | undefined;
  /** `epoch`: the next revision is wanted or being built; without it the last refresh failed, and `message` says why. */
  readonly refresh: { readonly epoch?: string; readonly percent?: number; readonly message?: string } | undefined;
}

/** What a start of the version gets. */
export interface PresentRevision extends Pick<VersionRow, "revision" | "epoch"> {
  /** Of its image; undefined before there is one. */
  readonly reference: string | undefined;
  readonly isDraft: boolean;
  /** Nobody can request its persona any more. */
  readonly isRetired: boolean;
}

export type RefreshUpdate =
  | { readonly outcome?: undefined; readonly percent?: number; readonly message?: string }
  /** The next revision is there; starts get it from now on. */
  | { readonly outcome: "built"; readonly image: Readonly<Record<string, unknown>> & { readonly reference: string } }
  /** It will not be; the present one stays. */
  | { readonly outcome: "failed"; readonly message: string };

export interface BuildUpdate {
  /** Of a draft the state of its build. */
  readonly state?: DraftBuild;
  readonly percent?: number;
  readonly message?: string;
  readonly took?: number;
  readonly downloading?: number;
  readonly image?: Readonly<Record<string, unknown>>;
  /** Of the image that was built; the version shows it only while that is the present one. */
  readonly revision?: number;
  /** Null: there is none any more. */
  readonly checkWorkspace?: string | null;
}
