import type { Readable } from "node:stream";
import type { Amounts, Bases, EnforcedLimit, Phase } from "@guise/contract";
import type { Channel } from "./channel.ts";
import type { BuiltImage, ImagePlan, PackageFindings } from "./image-plan.ts";
import type { NetworkRules } from "./network-rules.ts";
import type { LayerEnd } from "./personal-layer/layer-words.ts";

/**
 * What one engine must do for Guise. Every verb is safe to repeat, and acts on one generation only.
 * Engine types never pass this seam. All errors are `ProvisioningError`s (see errors.ts).
 * `conformance.ts` is the suite that each driver passes.
 */
export interface Driver {
  readonly name: string;
  /** What this engine can do and enforce, found by probing it. Answers from a cache that is no older than a minute. */
  capabilities(): Promise<Capabilities>;
  /** The nodes and what fits into them. Rejects `engine_unreachable`. */
  capacity(): Promise<readonly NodeCapacity[]>;
  /** What every sandbox costs beside the persona's own demand. */
  overhead(): Amounts;
  /** Builds what is missing; a second call while one runs joins it. Rejects `image_build_failed` with the log's end in the message. */
  ensureImage(plan: ImagePlan, report: ImageReport, signal?: AbortSignal): Promise<BuiltImage>;
  /** The image if it is there already, else undefined. Cheap: asked for each start. */
  findImage(plan: ImagePlan): Promise<BuiltImage | undefined>;
  /** Every image of this installation's personas, and the layers that they stand on; base images are not among them. */
  images(): Promise<readonly StoredImage[]>;
  /**
   * The image or layer is not there any more after this; what it stood on stays. Absent is success. Rejects `image_in_use` while a
   * sandbox, pooled or not, was made of it, while it is a part of a build under way, or while another image stands on it.
   */
  removeImage(reference: string): Promise<void>;
  /**
   * Makes the sandbox and resolves when its channel answers and the network rules are in force.
   * Before: nothing of this generation exists, or parts of an attempt that died: they are taken over or removed first.
   * During: `listOwned` may show parts of it. After: `inspect` answers `running`.
   * On rejection nothing of the generation is left, unless the code is `engine_unreachable`.
   */
  start(spec: SandboxSpec, report: StartReport, signal?: AbortSignal): Promise<Started>;
  /** A fresh channel to a sandbox that runs. Rejects `sandbox_gone`, `engine_unreachable`. */
  connect(handle: Handle): Promise<Channel>;
  /** After a restart of Guise: takes the sandbox over, and says whether it still runs whole. */
  recover(handle: Handle): Promise<SandboxCondition>;
  /** `running` only when every part is; `gone` when none is; `broken` otherwise. Never guesses: rejects `engine_unreachable`, `reading_late`. */
  inspect(handle: Handle): Promise<SandboxCondition>;
  /** Ends everything of the generation and removes its home unless `keepHome`. Resolves when nothing of it is left. Absent is success. */
  destroy(handle: Handle, options: { readonly grace: number; readonly keepHome: boolean }): Promise<void>;
  /** Every home of the installation, the quarantined ones too. */
  homes(): Promise<readonly StoredHome[]>;
  /** Its files are gone after this. Absent is success. Rejects `storage_failed` while a sandbox has it. */
  removeHome(home: string): Promise<void>;
  /**
   * The home as this engine stores it, quarantined ones too, in a form that its driver documents. A start on the home breaks it off.
   * Rejects `home_missing`, and `storage_failed` while a sandbox has it.
   */
  exportHome(home: string): Promise<Readable>;
  /** Everything on the engine that bears this installation's label, pooled and half-made parts too. */
  listOwned(): Promise<readonly OwnedSandbox[]>;
  /**
   * Recovery is complete: these are all the generations that live, and all homes that anybody owns. From now on the driver may
   * sweep what is not among them and older than its grace period, and fill its pools. Homes are never swept: one that is not
   * among `homes` is put into quarantine.
   */
  recovered(live: readonly LiveGeneration[], homes: ReadonlySet<string>): void;
  /** Called whenever something changed on the engine: a hint to look, never the truth. */
  onHint(listener: (workspace: string | undefined) => void): () => void;
  close(): Promise<void>;

  /** Optional powers; present when `capabilities` names them. */
  readonly usage?: UsagePower;
  readonly resizing?: ResizePower;
  readonly network?: NetworkPower;
  readonly packages?: PackagePower;
}

export interface Capabilities {
  /** Limits that are enforced hard. */
  readonly enforces: Readonly<Record<EnforcedLimit, boolean>>;
  readonly powers: readonly ("usage" | "resize" | "rewire" | "packages")[];
  /** Engine, runtime and kernel versions and the like, for `admin status`. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly warnings: readonly string[];
  /** Sandboxes that are started ahead of demand, by pool. */
  readonly pools: Readonly<Record<string, number>>;
}

export interface NodeCapacity {
  readonly node: string;
  /** Whole capacity less what others use; the reserve and overcommit are the Resource Manager's. */
  readonly capacity: Amounts;
  /** The same without what others use now. */
  readonly ceiling: Amounts;
  readonly assumed: readonly (keyof Amounts)[];
}

/** A read-only or writable volume that a data source names. */
export interface VolumeSource {
  readonly source: string;
  /** The driver's own name of a registered volume; for `sample-sales` the shipped one. */
  readonly volume: string;
  readonly target: string;
  readonly access: "read" | "write";
}

/** Which system calls programs may make: `strict`, or with those by which a browser locks its own parts in. */
export type SeccompProfile = "strict" | "browser";

export interface SandboxSpec {
  readonly workspace: string;
  readonly generation: number;
  /** The home that is mounted: made when it is not there, else used as it is, and grown to `storage`. One sandbox at a time. */
  readonly home: string;
  /** Random name under which the engine knows this generation; stored as intent before `start`. */
  readonly engineName: string;
  readonly node: string;
  readonly image: string;
  readonly limits: { readonly cpu: number; readonly ram: number; readonly processes: number };
  /** Bit/s each way, seen from the workspace. */
  readonly bandwidth: { readonly ingress: number; readonly egress: number };
  /** Bytes of the home's hard limit. */
  readonly storage: number;
  readonly network: NetworkRules;
  readonly seccomp: SeccompProfile;
  readonly volumes: readonly VolumeSource[];
  /** A personal layer (`encodeLayer`) to be written while the first channel opens, where the driver can: see `Started`. Secret. */
  readonly personal?: Uint8Array;
}

/** Stored as soon as it exists. `opaque` is the driver's own and readable one version back. */
export interface Handle {
  readonly driver: string;
  readonly version: number;
  readonly workspace: string;
  readonly generation: number;
  readonly home: string;
  readonly opaque: Readonly<Record<string, unknown>>;
}

export interface LiveGeneration {
  readonly workspace: string;
  readonly generation: number;
  readonly home: string;
}

export interface StoredHome {
  readonly home: string;
  readonly node: string;
  /** `quarantined`: nobody was found to own it. */
  readonly state: "attached" | "idle" | "quarantined";
  /** Bytes promised, and bytes that it takes on the disk. */
  readonly promised: number;
  readonly taken: number;
}

/** An image, or a layer that images share. They form trees: each adds its bytes to those of what it stands on. */
export interface StoredImage {
  /** As in `BuiltImage`. */
  readonly reference: string;
  /** `image`: sandboxes are made of it. `layer`: images stand on it, or were to. */
  readonly kind: "image" | "layer";
  /** The reference of what it stands on; undefined: a base image. */
  readonly standsOn: string | undefined;
  /** Bytes that it takes beside what it stands on. */
  readonly bytes: number;
  /** Wall-clock ms. */
  readonly madeAt: number;
  /** `removeImage` would reject, though nothing stands on it. */
  readonly inUse: boolean;
}

export interface Started {
  readonly handle: Handle;
  readonly channel: Channel;
  /** How the spec's personal layer ended. Undefined: it was not delivered, and is to be written over the channel. */
  readonly delivered?: Promise<LayerEnd>;
}

export type SandboxCondition =
  | { readonly condition: "running" }
  | { readonly condition: "gone" }
  | { readonly condition: "broken"; readonly why: string };

export interface OwnedSandbox {
  readonly workspace: string | undefined;
  readonly generation: number | undefined;
  readonly role: "sandbox" | "pooled" | "build" | "volume" | "image";
  readonly name: string;
}

export interface StartReport {
  phaseStarted(phase: Phase, message: string): void;
  phaseFinished(phase: Phase, took: number): void;
  /** The handle as soon as it can be used for `destroy`; the caller stores it. */
  handle(handle: Handle): Promise<void>;
}

export interface BuildReport {
  progress(message: string, percent: number | undefined): void;
  /** A download from the package mirrors is done and took so many ms; told after each, so that the rest of the work can be told from it. */
  downloaded(took: number): void;
  /** One line of the build's log, already cut and cleaned. */
  log(line: string): void;
}

export interface ImageReport extends BuildReport {
  /** It is known what is missing of the image: to make that takes so many ms, likely. Told anew where a build begins once more. */
  expects(milliseconds: number): void;
}

export interface NamedPackage {
  readonly name: string;
  readonly summary: string;
}

export interface PackagePower {
  /**
   * What the package mirrors say of a plan, before anything is built. The first one prepares the ground and takes some seconds; those after it
   * find that done. Rejects `mirror_unreachable`, `engine_unreachable`, `refused_by_policy`, `cancelled`.
   */
  examine(plan: ImagePlan, signal?: AbortSignal): Promise<PackageFindings>;
  /**
   * All packages that the distribution's lists name, with what they say of each in a line. The first time takes some seconds.
   * Rejects as `examine` does.
   */
  names(plan: Pick<ImagePlan, "base" | "packageEpoch">, signal?: AbortSignal): Promise<readonly NamedPackage[]>;
  /** What a plan may stand on, by where this site gets packages now. Rejects `mirror_unreachable` where it gets none. */
  bases(): Promise<Bases>;
}

export interface ResizePower {
  /**
   * Gives a sandbox that runs other limits, at once and without its programs noticing. Safe to repeat.
   * Rejects `resize_refused` when its programs use more ram than it would have, `sandbox_gone`.
   */
  resize(handle: Handle, amounts: LiveAmounts): Promise<void>;
}

/** What can be changed while it runs; the home's size is its next start's. */
export type LiveAmounts = Omit<Amounts, "storage">;

export interface NetworkPower {
  /**
   * Puts other rules in the place of those of a sandbox that runs, at once and all together. What they no longer allow ends: a connection
   * by which anything still moves is reset, a stream of datagrams stops both ways. What both allow goes on. Safe to repeat.
   * Rejects `network_failed` when a rule cannot be read or the guard refuses it (the old ones then hold), `sandbox_gone`.
   */
  rewire(handle: Handle, rules: NetworkRules): Promise<void>;
}

/** Both reject `sandbox_gone`, and `reading_late` where the sandbox holds up whoever looks: no longer than a few seconds, and nobody else. */
export interface UsagePower {
  /** What the home of a running sandbox has and what is taken of it: bytes, and files with folders. Undefined where it cannot be seen from outside. */
  homeRoom(handle: Handle): Promise<
    | {
        readonly bytes: { readonly used: number; readonly of: number };
        readonly files: { readonly used: number; readonly of: number };
      }
    | undefined
  >;
  /**
   * What the kernel has counted of its limits, and whom it ended because of ram, the oldest first, where its log can be read: at most the
   * last hundred, with when that was (ms since the epoch). Never waits for what runs inside. Rejects `sandbox_gone`.
   */
  limits(handle: Handle): Promise<LimitCounts & { readonly killed: readonly { readonly program: string; readonly at: number }[] }>;
  /** Packets that the bandwidth limits dropped since the start, each way. Asks the guard (80 ms): for what moves as much as it may. */
  dropped(handle: Handle): Promise<{ readonly ingress: number; readonly egress: number }>;
  /** Counters since the start: cpu in ms, ram and storage in bytes, network in bytes each way; and its processes where they can be seen. */
  sample(handle: Handle): Promise<{
    readonly cpu: number;
    readonly ram: number;
    readonly storage: number;
    readonly received: number;
    readonly sent: number;
    readonly limits: LimitCounts;
    readonly processes: readonly SandboxProcess[];
  }>;
}

/** What the kernel has counted of a sandbox's limits since its start. */
export interface LimitCounts {
  /** Programs that it ended because of ram. */
  readonly kills: number;
  /** Processes that it refused. */
  readonly refusedProcesses: number;
  /** The most ram that it counted, files in memory included; bytes. */
  readonly ramMost: number;
}

/** One process of a sandbox, as the kernel counts it. */
export interface SandboxProcess {
  /** Number and time of birth: the same never again. */
  readonly id: string;
  /** Undefined for one outside the sandbox. */
  readonly parent: string | undefined;
  /** The launch that its variables name. Whoever runs code inside can change it. */
  readonly launch: string | undefined;
  /** Ms of cpu time: its own, and of children that it has waited for. */
  readonly cpu: number;
  /** Bytes that only it holds; 0 where it belongs to no launch. */
  readonly ram: number;
}
