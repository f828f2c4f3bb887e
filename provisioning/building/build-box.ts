import type { Readable, Writable } from "node:stream";
import type { BuildReport } from "#provisioning";
import type { HostMirrors } from "./mirrors/host-mirrors.ts";
import type { OpenMirrors } from "./mirrors/open-mirrors.ts";

/**
 * A closed room in which one layer is made: root inside, its files writable, limits of its own, never a person's data, and a network that
 * is closed until `openMirrors`. One engine's way to have one; what is done in it is the same on every engine.
 */
export interface BuildBox {
  /**
   * Runs bash as root, `input` first, and hands on what it says, no faster than `OutputPace` allows. Its exit code; null: it was ended by the
   * signal. Rejects `image_build_failed`, `engine_unreachable`.
   */
  exec(args: readonly string[], options: BoxExec): Promise<number | null>;
  /**
   * The same, but what it prints goes to `into`, as fast as that takes it, and ends it; complaints go nowhere. Whatever becomes of it, `into`
   * is ended or destroyed.
   */
  pipe(args: readonly string[], into: Writable, signal: AbortSignal): Promise<number | null>;
  /** From now on the mirrors that it was made with are reached, and nothing else. */
  openMirrors(): Promise<void>;
  /** Ends every permission, and every connection that stands on one. */
  closeMirrors(): Promise<void>;
  /** Keeps what is in it as the layer of this content address; `comment` stays with the layer and goes into no sandbox. */
  store(address: string, comment: string): Promise<void>;
  /** Nothing of it is left after this. Absent is success. */
  remove(): Promise<void>;
}

export interface BoxExec {
  readonly input: string | Readable;
  readonly signal: AbortSignal | undefined;
  readonly onOutput: (stream: "stdout" | "stderr", bytes: Buffer) => void;
}

/** A layer as the engine keeps it. */
export interface KeptLayer {
  /** What a box or a sandbox is made of. */
  readonly reference: string;
  /** With everything below it. */
  readonly bytes: number;
  readonly comment: string;
}

export interface ClosedImage {
  readonly comment: string;
  /** Content address of the layer below it. */
  readonly standsOn: string;
}

/** Resolves when none of these layers is being removed, and none will be. */
export type HoldAlso = (addresses: readonly string[]) => Promise<void>;

/** Where one engine builds and keeps images. All errors are `ProvisioningError`s. */
export interface BuildSite {
  /** Before the first build of a request: leftovers of a dead process go. Rejects `disk_full` where no build could end well. */
  prepare(): Promise<void>;
  /** Rejects `disk_full` when a build under way must end. */
  requireDisk(): Promise<void>;
  /** What all layers of a suite's images stand on, if it is there: it is a part of every content address. Undefined: the suite without a choice. */
  findBase(suite: string | undefined): Promise<string | undefined>;
  /** The same of the mirrors' suite, made when it is missing. */
  ensureBase(mirrors: HostMirrors, report: BuildReport, signal: AbortSignal | undefined): Promise<string>;
  find(reference: string): Promise<KeptLayer | undefined>;
  /** All closed images that stand on a layer which is no closed image itself. */
  closed(): Promise<readonly ClosedImage[]>;
  referenceOf(address: string): string;
  /** None of these layers is removed while `build` runs, nor those that it says it needs as well. */
  hold<T>(addresses: readonly string[], build: (also: HoldAlso) => Promise<T>): Promise<T>;
  /** Leaves nothing when it rejects. */
  open(parent: string, mirrors: OpenMirrors): Promise<BuildBox>;
}
