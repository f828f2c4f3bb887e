import type {
  Amounts,
  DesiredState,
  Launchable,
  LaunchState,
  LeftFile,
  ParameterValues,
  Phase,
  Reason,
  WorkspaceState,
} from "@guise/contract";
import type { StoredConcrete } from "#persona";
import type { AuditEntry } from "./stored-records.ts";

/** Bounds on what one person has at once; without one as many as there are. */
export interface Allowance {
  /** Not released, nor to be. */
  readonly held?: number;
  /** In the queue, or on its way into it. */
  readonly waiting?: number;
}

export interface NewWorkspace {
  readonly id: string;
  readonly owner: string;
  /** The group that is charged. */
  readonly group: string;
  readonly persona: string;
  readonly personaName: string;
  readonly version: number;
  readonly environment: string;
  readonly name: string;
  readonly parameters: ParameterValues;
  readonly priority: string;
  readonly demand: Amounts;
  /** The resolved persona; holds no secret. */
  readonly concrete: StoredConcrete;
  readonly requestedAt: number;
  /** The name of its home, where none was kept for it. */
  readonly home: string;
  /** The home outlives the workspace. A kept one of the same person, persona, environment and name is taken. */
  readonly keepHome: boolean;
  /** Why it is queued, as the Resource Manager's advice says; `waiting_for_room` when nothing is said. */
  readonly reason?: Reason;
  readonly message?: string;
  /** How many its owner may have, and may have waiting where this one waits, itself counted; more are `too_many`. */
  readonly most?: Allowance;
  /** Recorded with the workspace. The same key and body give that workspace again within 24 h, released or not; another body is `exists`. */
  readonly idempotency?: { readonly principal: string; readonly route: string; readonly key: string; readonly bodyHash: string };
}

export interface WorkspaceRow extends Omit<NewWorkspace, "idempotency" | "reason" | "message" | "keepHome" | "most"> {
  readonly state: WorkspaceState;
  readonly desired: DesiredState;
  readonly desiredReason: Reason | undefined;
  /** Who set `desired` last. */
  readonly desiredBy?: string | undefined;
  /** What was said with it, for the owner: who, and why. */
  readonly desiredNote?: string | undefined;
  /** With release, a kept home is to be deleted too. */
  readonly dropHome: boolean;
  /** What it is to have instead of `demand`, while that is wanted and not answered. */
  readonly wantedDemand: Amounts | undefined;
  readonly reason: Reason | undefined;
  readonly message: string | undefined;
  readonly revision: number;
  readonly generation: number;
  readonly engineName: string | undefined;
  readonly handle: unknown;
  readonly node: string | undefined;
  /** How often a passing fault was retried in this life. */
  readonly attempts: number;
  readonly queuedSince: number;
  readonly admittedAt: number | undefined;
  readonly readyAt: number | undefined;
  readonly releasedAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly phases: readonly { readonly phase: string; readonly took: number }[];
  readonly applications: readonly Launchable[];
  readonly receipt: Readonly<Record<string, unknown>> | undefined;
  /** The revision of its version's image that its sandbox was started on last. */
  readonly imageRevision: number | undefined;
  /** The engine's name of that. */
  readonly image: string | undefined;
  /** Of its home, as of its last start. */
  readonly leftFiles: readonly LeftFile[];
}

export interface WorkspaceFilter {
  readonly owner?: string;
  readonly persona?: string;
  readonly states?: readonly WorkspaceState[];
  /** Only those of them that there are. */
  readonly ids?: readonly string[];
  /** Only those whose lifetime has an end. */
  readonly expiring?: boolean;
  readonly limit?: number;
}

/** Where in the order of requests a page begins: behind this. */
export interface PlaceInTime {
  readonly requestedAt: number;
  readonly id: string;
}

export interface Page {
  readonly after?: PlaceInTime | undefined;
  readonly limit: number;
}

/** What is not as it is wanted, not settled, or ready and to be resized. */
export type Unsettled = Pick<WorkspaceRow, "id" | "state" | "desired" | "requestedAt">;

/** What the Resource Manager is told of one that waits. */
export type QueuedWorkspace = Pick<
  WorkspaceRow,
  "id" | "owner" | "group" | "priority" | "demand" | "home" | "desired" | "queuedSince" | "requestedAt"
>;

/** How many wait at a priority, and since when the one does that has waited longest. */
export interface QueueLength {
  readonly priority: string;
  readonly count: number;
  readonly since: number;
}

/** For how long one may hold its room. */
export type Stay = Pick<WorkspaceRow, "id" | "persona" | "state" | "desired" | "admittedAt" | "expiresAt">;

/** All that a move may change with the state. */
interface Changes {
  readonly reason: Reason;
  /** Raised by one and stored before the engine is asked. */
  readonly newGeneration: { readonly engineName: string };
  readonly allocate: { readonly node: string; readonly amounts: Amounts };
  /** The room that it holds is given back. */
  readonly free: true;
  /** It holds an allocation already, and these are its amounts from now on. */
  readonly reallocate: Amounts;
  readonly demand: Amounts;
  /** The wish for these amounts is answered; another that came meanwhile stays. */
  readonly answered: Amounts;
  /**
   * `keep`: the storage that the workspace holds is charged to its home from now on, and after release the home is nobody's.
   * `drop`: there is no home any more. Released without either is `drop`.
   */
  readonly home: "keep" | "drop";
  /** Finished since the last step: added to the row's (which a new generation empties), one event each. */
  readonly phases: readonly { readonly phase: Phase; readonly took: number }[];
  readonly applications: readonly Launchable[];
  readonly attempts: number;
  readonly queuedSince: number;
  readonly readyAt: number;
  readonly expiresAt: number;
  readonly receipt: Readonly<Record<string, unknown>>;
  /** What its sandbox was started on; that image is used from now on. */
  readonly image: { readonly revision: number; readonly reference: string };
  readonly leftFiles: readonly LeftFile[];
  /** The wish for `ready` (a retry) is fulfilled and not to be read again; a wish for something else that came meanwhile stays. */
  readonly desiredReason: null;
}

interface Move<To extends WorkspaceState> {
  readonly id: string;
  /** The one that was seen last. */
  readonly revision: number;
  readonly to: To;
  readonly at: number;
  readonly message?: string;
  /** Written with the step, where it is an act that the audit should show. */
  readonly audit?: AuditEntry;
}

/** A move to a state, with what it cannot do without and what it may bring. */
type MoveTo<To extends WorkspaceState, Needs extends keyof Changes, May extends keyof Changes = never> = Move<To> &
  Pick<Changes, Needs> &
  Partial<Pick<Changes, May>>;

/** Of what is ready already. */
export type ResizedStep = MoveTo<"ready", never, "reallocate" | "demand" | "answered">;

/** What a move to each state consists of: a start has a generation of its own, what ends gives its room back, and so on. */
export type WorkspaceStep =
  | MoveTo<"queued", "reason", "free" | "home" | "attempts" | "queuedSince" | "desiredReason">
  | MoveTo<"provisioning", "reason" | "newGeneration", "allocate">
  | MoveTo<"ready", "readyAt" | "phases" | "applications" | "image", "expiresAt" | "leftFiles">
  | ResizedStep
  | MoveTo<"suspending", "reason">
  /** Without `free`, what never ran since it was resumed. */
  | MoveTo<"suspended", never, "reason" | "free" | "home" | "attempts">
  | MoveTo<"failing", "reason">
  | MoveTo<"failed", "free", "reason" | "home">
  | MoveTo<"releasing", "reason">
  | MoveTo<"released", "free" | "home", "reason" | "receipt">;

/** Any of them, as the store takes it apart. */
export type AnyStep = Move<WorkspaceState> & Partial<Changes>;

export interface AllocationRow {
  readonly workspace: string;
  readonly node: string;
  readonly amounts: Amounts;
  readonly priority: string;
  readonly group: string;
  readonly owner: string;
}

/** One stretch of time, now over, in which a workspace held its room. */
export interface RunRow {
  readonly persona: string;
  /** Ms from admission to when the room was given back. */
  readonly held: number;
  /** Ms from admission to ready; absent when it never was. */
  readonly readyAfter?: number;
}

export interface LaunchRow {
  readonly id: string;
  readonly workspace: string;
  readonly generation: number;
  readonly application: string;
  readonly kind: string;
  readonly state: LaunchState;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly exit?: number;
  /** For kind web: where it listens and what to open first. */
  readonly web?: { readonly port: number; readonly path: string };
  /** For kind desktop: the screen that it was launched for. */
  readonly screen?: { readonly width: number; readonly height: number; readonly scale: number };
  /** What it was given beside its own command. */
  readonly arguments?: readonly string[];
  /** The last that it said, where it ended soon or badly. Reported from inside, and made plain. */
  readonly said?: string;
}

export interface LaunchChange {
  readonly state: LaunchState;
  readonly exit?: number;
  readonly endedAt?: number;
  readonly said?: string;
  /** It is opened again, in this generation. */
  readonly again?: { readonly generation: number; readonly startedAt: number };
}
