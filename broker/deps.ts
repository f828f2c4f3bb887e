import type { Readable } from "node:stream";
import type {
  Amounts,
  BaseName,
  Estimate,
  FoundPackages,
  GivenOut,
  LaunchRequest,
  LaunchView,
  LimitNote,
  PackageSource,
  Priority,
  Status,
  UsageSample,
  WorkspaceEvent,
  WorkspaceUsage,
} from "@guise/contract";
import type { LocalIssuer, ProviderPeople, ProviderSignIn, Sealing, Verifier } from "#access";
import type { Clock, Ids, Log } from "#foundation";
import type { PackageFindings, PersonaImage, RegisteredSource } from "#persona";
import type { DataSourceRow, HomeRow, Repository, UsageDaySum, UsageSubject, UsageSum, WorkspaceRow } from "#repository";
import type { Advice, NotResized, Resized } from "#resource-manager";
import type { Fullness, Idleness } from "#usage";
import type { Allowances } from "./allowances.ts";
import type { Limits } from "./limits.ts";
import type { PersonaLanguage } from "./persona-language.ts";
import type { WorkspaceStreams } from "./workspace-streams.ts";

/** An identity provider that people sign in at. */
export interface SignInProvider {
  readonly issuer: string;
  /** What people call it. */
  readonly name: string;
  readonly signIn: Pick<ProviderSignIn, "begin" | "finish">;
  readonly people: Pick<ProviderPeople, "signedIn" | "alsoSignedIn" | "principalBy" | "end">;
}

/** What the broker is wired with. */
export interface BrokerDeps {
  readonly repository: Repository;
  readonly verifier: Verifier;
  /** Absent where an external issuer signs people in: sign-in codes are then refused. */
  readonly issuer: LocalIssuer | undefined;
  /** Where people sign in at an identity provider, if they can. */
  readonly provider: SignInProvider | undefined;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly language: PersonaLanguage;
  readonly admission: AdmissionView;
  /** What is known of the engine, its nodes and its pools. */
  readonly engineStatus: () => Promise<Pick<Status, "engine" | "nodes" | "pools">>;
  /** Intent was recorded: whoever acts on it looks at it now. A hint, not a promise: whoever acts looks round by himself too. */
  readonly wake: (changed: Changed) => void;
  readonly launcher: Launcher;
  /** When one that waits or starts is expected to be ready, where enough is known. */
  readonly estimateOf: (workspace: WorkspaceRow) => Estimate | undefined;
  /** How idle a ready workspace is, where its persona sets a limit. */
  readonly idlenessOf: (workspace: WorkspaceRow) => Idleness | undefined;
  /** Why nobody can enter a ready workspace; undefined: as of the last look, it can be entered. */
  readonly shutOf: (workspace: string) => Shut | undefined;
  /** How full the home of a ready workspace is, where that is known. */
  readonly fullnessOf: (workspace: string) => Fullness | undefined;
  /** Limits that its programs hit lately, the newest first. */
  readonly limitsHitBy: (workspace: string) => readonly LimitNote[];
  /** Its person wants to keep it. */
  readonly keep: (workspace: string) => void;
  /** The homes that the engine has, with what they take. */
  readonly storedHomes: () => Promise<readonly StoredHomeFacts[]>;
  /** The home as the engine stores it. Rejects `home_missing`, `storage_failed` while it is in use. */
  readonly exportStoredHome: (home: string) => Promise<Readable>;
  /** Removes one that nobody owns. */
  readonly removeStoredHome: (home: string) => Promise<void>;
  readonly images: ImageKeeper;
  readonly dataSources: DataSourceKeeper;
  /** Seals what opens package sources, and data sources. */
  readonly sealing: Sealing;
  /** What the package mirrors say of a persona's packages, or why they were not asked; neither where the engine cannot ask them. Answers within seconds. */
  readonly examinePackages: (
    image: PersonaImage,
    sources: readonly PackageSource[],
  ) => Promise<{ readonly found?: PackageFindings; readonly unasked?: string }>;
  /** Packages by their names and what is said of them, the best first; or why the lists were not asked. Answers within seconds. */
  readonly searchPackages: (text: string, base: BaseName | undefined) => Promise<FoundPackages>;
  readonly streams: WorkspaceStreams;
  readonly liveEvents: LiveEventSource;
  readonly usage: UsageSource;
  readonly usageDays: UsageDays;
  /** Operators are told of the use of so many people together, and of no fewer. */
  readonly leastPeople: number;
  /** False while Guise takes over what ran before, and while it stops. */
  readonly ready: () => boolean;
  readonly portal: PortalPlace;
  /** Origins of web applications, with `*` in the place of an application's own label; undefined: they have none here. */
  readonly applications: string | undefined;
  /** Exact values of the Host header that are answered; others get 421. */
  readonly hosts: readonly string[];
  readonly version: string;
  readonly allowances: Allowances;
  readonly limits?: Partial<Limits>;
}

/** The data sources that are registered here. */
export interface DataSourceKeeper {
  /** Those that came with Guise. */
  readonly shipped: readonly RegisteredSource[];
  /** What a database is found to be. What it cannot be asked is a fault of it. */
  test(source: DataSourceRow): Promise<SourceFindings>;
  /** One was registered, changed or removed: personas are judged, and access is looked at, by what there is now. */
  changed(): Promise<void>;
}

export interface SourceFindings {
  readonly facts: Readonly<Record<string, string>>;
  readonly faults: readonly { readonly code: string; readonly message: string; readonly remedy: string }[];
  readonly notes: readonly string[];
}

/** What the intent is about. */
export type Changed =
  | { readonly kind: "workspace"; readonly workspace: string }
  /** A version is to be built, or its packages are to be refreshed. */
  | { readonly kind: "persona"; readonly persona: string }
  | { readonly kind: "home"; readonly home: string };

/** Where people reach the portal, and where its built files lie; without a folder it is not built. */
export interface PortalPlace {
  /** `http://guise.localhost:7080`; its host is one of `hosts`. */
  readonly origin: string;
  readonly folder?: string | undefined;
}

/** The images of personas on the engine. Rejects `engine_unreachable`. */
export interface ImageKeeper {
  standing(): Promise<{ readonly budget: number; readonly taken: number; readonly images: readonly ImageFacts[] }>;
  /** Down to so many bytes, by default the budget. */
  collect(budget?: number): Promise<{ readonly removed: readonly string[]; readonly freed: number; readonly left: number }>;
}

export interface ImageFacts {
  readonly reference: string;
  readonly kind: "image" | "layer";
  readonly versions: readonly {
    readonly persona: string;
    readonly version: number;
    readonly revision: number;
    readonly current: boolean;
  }[];
  readonly alone: number;
  readonly shared: number;
  readonly usedAt: number;
  readonly workspaces: readonly string[];
  readonly isKept: boolean;
}

export interface StoredHomeFacts {
  readonly home: string;
  readonly promised: number;
  readonly taken: number;
}

/** The Resource Manager's latest snapshot, for advice and for people; only the loop's decision binds. */
export interface AdmissionView {
  /** For the persona's own amounts; the engine's overhead is added behind this. */
  advise(question: Question): Advice;
  /** Would the workspace get these amounts now, beside what it has? */
  adviseResize(workspace: string, wanted: Amounts): Resized | NotResized;
  waiting(workspace: string): Waiting | undefined;
  /** In order, the first `most`. */
  queue(most?: number): readonly Waiting[];
  /** How many wait. */
  readonly length: number;
  /** How what a machine has becomes what may be given out of it. */
  readonly rules: GivenOut;
}

export interface Question {
  readonly amounts: Amounts;
  readonly priority: Priority;
  readonly group: string;
  readonly person: string;
  readonly home?: Pick<HomeRow, "bytes" | "node"> | undefined;
}

/** Nobody can enter a workspace that runs. */
export interface Shut {
  /** Ms since the epoch. */
  readonly since: number;
  readonly why: string;
}

export interface Waiting {
  readonly id: string;
  /** From 1. */
  readonly place: number;
  readonly reason: "waiting_for_room" | "waiting_in_line";
  readonly message: string;
}

/** Starts and ends applications in a ready workspace. Rejects `application_not_found`, `launch_failed`, `workspace_not_ready`. */
export interface Launcher {
  launch(workspace: WorkspaceRow, request: LaunchRequest): Promise<LaunchView>;
  list(workspace: WorkspaceRow): Promise<readonly LaunchView[]>;
  /** What a launch of kind command runs; given once, to the first who joins it. */
  takeCommand(launch: string): { readonly command: readonly string[]; readonly variables: Readonly<Record<string, string>> } | undefined;
  /** A command in the foreground began, or ended. */
  commandMoved(launch: string, change: { readonly state: "running" } | { readonly state: "exited"; readonly exit: number }): Promise<void>;
  /** Resolves when it has ended. Rejects `not_found`. */
  stop(workspace: WorkspaceRow, launch: string): Promise<void>;
}

/** What workspaces use. */
export interface UsageSource {
  subscribe(listener: (sample: UsageSample) => void): () => void;
  usageOf(workspace: WorkspaceRow): Promise<WorkspaceUsage>;
}

/** What everybody used on the days that are kept. */
export interface UsageDays {
  /** What everybody used from that day on (ms since the epoch). */
  usedSince(subject: UsageSubject, since: number): Promise<readonly UsageSum[]>;
  /** For how long it ran on each of those days. */
  usedByDaySince(subject: UsageSubject, since: number): Promise<readonly UsageDaySum[]>;
}

/** Events of a workspace as they happen, durable and transient. */
export interface LiveEventSource {
  subscribe(workspace: string, listener: (event: WorkspaceEvent) => void): () => void;
  /** Those of every workspace. */
  subscribeToAll(listener: (event: WorkspaceEvent) => void): () => void;
}
