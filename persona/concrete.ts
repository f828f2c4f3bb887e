import type {
  AccessControls,
  Amounts,
  ApplicationIconName,
  ApplicationKind,
  BaseName,
  LayerMakerName,
  ParameterValues,
  Priority,
} from "@guise/contract";
import type { PlannedFile } from "#applications";

export type { PlannedFile } from "#applications";

/** A persona resolved for one environment and one set of parameters: nothing is left to look up but references to data sources and secrets. */
export interface ConcretePersona {
  readonly persona_id: string;
  readonly persona_name: string;
  readonly description: string | undefined;
  readonly environment: string;
  readonly parameters: ParameterValues;
  /** What its image stands on; undefined: what the installation has without a choice. */
  readonly base?: BaseName | undefined;
  /** Per application, and per part of the system that was chosen, in the catalog's fixed order: one image layer each. */
  readonly layers: readonly ConcreteLayer[];
  /** What can be launched, before packages outside the catalog are added from what the image was found to contain. */
  readonly applications: readonly ConcreteApplication[];
  /** Application names opened when ready. */
  readonly launch: readonly string[];
  /** As glibc has it, with its character set: "de_DE.UTF-8"; undefined: none but that. */
  readonly locale?: string | undefined;
  /** Of the IANA database. */
  readonly timeZone?: string | undefined;
  /** Values are final text. */
  readonly variables: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
  /** What the persona asks for; ingress and egress in bit/s. */
  readonly demand: Amounts;
  /** The most that a workspace of it may be resized to. */
  readonly limits: Amounts;
  readonly egress: readonly EgressTarget[];
  /** Which ways lead in and out; absent: all. */
  readonly transfer?: Pick<AccessControls, "clipboard" | "file_transfer"> | undefined;
  readonly dataSources: readonly ConcreteSource[];
  /** What ports of the person's own servers are called. */
  readonly ports?: readonly { readonly port: number; readonly name: string }[] | undefined;
  /** Who may ask; undefined: the owning group. */
  readonly groups: readonly string[] | undefined;
  readonly priority: Priority;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGrace: number;
  /** Milliseconds from ready; undefined: no end. */
  readonly maximumLifetime: number | undefined;
  /** Milliseconds without use after which it is suspended; undefined: never. */
  readonly idleAfter: number | undefined;
  /** The home outlives the workspace, for its person's next one of this persona, environment and name. */
  readonly keepHome: boolean;
}

/** What its image is made of: the same in every environment of a version. */
export type PersonaImage = Pick<ConcretePersona, "base" | "layers">;

export interface ConcreteLayer {
  readonly application: string;
  readonly manager: LayerMakerName;
  readonly packages: readonly string[];
  /** Names of packages that are taken although their install scripts did not get what they asked for. */
  readonly accepts?: readonly string[];
  /** It is worth no layer of its own. */
  readonly isSmall?: true;
}

export interface ConcreteSource {
  readonly source: string;
  readonly access: "read" | "write";
  /** Where its folder appears inside; absent: it is a database, which each start is given a role in. */
  readonly mount?: string;
}

export interface EgressTarget {
  readonly cidr: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number | null;
}

export interface ConcreteApplication {
  readonly application: string;
  readonly name: string;
  readonly kind: ApplicationKind;
  /** Without it, the kind says how it looks. */
  readonly icon?: ApplicationIconName | undefined;
  /** What it must be given to open at all. */
  readonly needs?: string | undefined;
  /** Program and arguments; no shell text. `~/` at the beginning of an argument stands for the home. */
  readonly command: readonly string[];
  readonly workingDirectory: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** Which system calls it needs. */
  readonly seccomp: "strict" | "browser";
  /** For kind web: where it listens inside, and the path to open first. */
  readonly web: ConcreteWeb | undefined;
  /** Described by the persona: its program may be one of the home. */
  readonly isOwn?: boolean;
}

export interface ConcreteWeb {
  readonly port: number;
  readonly path: string;
  readonly readyPath: string;
  readonly within: number;
  /** It works while an item of the JSON list at this path has this value. */
  readonly busy?: { readonly path: string; readonly key: string; readonly value: string } | undefined;
}
