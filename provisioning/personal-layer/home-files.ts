import type { Channel } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { encodeRecords, PROGRAM, recordOf } from "./apply-personal-layer.ts";

/** What lies at a path of a home. `other`: no plain file, or no way to it but by a link. `refused`: it cannot be read. */
export type HomeFile =
  | { readonly kind: "file"; readonly content: Buffer; readonly mode: number }
  | { readonly kind: "absent" | "other" | "large" | "refused" };

/** An exchange of one file for another. */
export interface Swap {
  readonly path: string;
  /** What must still be there; undefined: whatever is. */
  readonly before: Uint8Array | undefined;
  readonly content: Uint8Array;
  readonly mode: number;
  /** What was there stays beside it, as `PATH.yours`, in place of an earlier one. */
  readonly keeps: boolean;
}

/** `full`: the home has no room. `other`, `refused`: as for what is read. What is not `done` is as before. */
export const SWAP_ENDS = ["done", "changed", "full", "other", "refused"] as const;
export type SwapEnd = (typeof SWAP_ENDS)[number];

/** Twice the largest file that is read, and the words around it. */
const MOST_SAID = 2 * 256 * 1024 + 200;

/** A file of a home, with at most 256 KiB; no link is followed, and nothing that is no plain file is opened. */
export async function readHomeFile(channel: Channel, path: string, signal?: AbortSignal): Promise<HomeFile> {
  const [said = ""] = await run(channel, [recordOf("read", { path, content: Buffer.alloc(0), mode: 0, apply: "met" })], signal);
  const [word = "", index, mode, hex = ""] = said.split(" ");
  if (word !== "content" || index !== "0") throw unexpected();
  if (mode === "absent" || mode === "other" || mode === "large" || mode === "refused") return { kind: mode };
  if (mode === undefined || !/^[0-7]{3,4}$/.test(mode) || !/^[0-9a-f]*$/.test(hex)) throw unexpected();
  return { kind: "file", content: Buffer.from(hex, "hex"), mode: Number.parseInt(mode, 8) };
}

/** Each is written beside its place and renamed. Safe to repeat: what is swapped already says `changed` or is swapped once more. */
export async function swapHomeFiles(channel: Channel, swaps: readonly Swap[], signal?: AbortSignal): Promise<readonly SwapEnd[]> {
  if (swaps.length === 0) return [];
  const lines = await run(channel, swaps.map(recordOfSwap), signal);
  const ends = new Map(lines.map((line) => line.split(" ")).map(([word, index, end]) => [`${word} ${index}`, end]));
  return swaps.map((_, index) => {
    const known = SWAP_ENDS.find((end) => end === ends.get(`swapped ${index}`));
    if (known === undefined) throw unexpected();
    return known;
  });
}

function recordOfSwap({ path, before, content, mode, keeps }: Swap): Buffer {
  const head = Buffer.from(`${before === undefined ? "-" : before.length}\n`);
  return recordOf("swap", {
    path,
    content: Buffer.concat([head, before ?? Buffer.alloc(0), content]),
    mode,
    apply: keeps ? "kept" : "replaced",
  });
}

async function run(channel: Channel, records: readonly Buffer[], signal: AbortSignal | undefined): Promise<string[]> {
  const options = { input: encodeRecords(records), maximumOutput: MOST_SAID, ...(signal === undefined ? {} : { signal }) };
  const { exit, stdout } = await channel.run(PROGRAM, options);
  if (exit !== 0) throw unexpected();
  return stdout.split("\n");
}

function unexpected(): ProvisioningError {
  return new ProvisioningError("configuration_failed", "the sandbox did not answer for its files");
}
