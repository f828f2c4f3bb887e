import { plainLines } from "@guise/contract";
import type { Clock } from "#foundation";
import type { Channel } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { shellVariables } from "../launching/shell-words.ts";
import type { LayerEnd } from "./layer-words.ts";

/** In the image, from `provisioning/inside/main`. */
export const PROGRAM = "exec /usr/lib/guise/personal-layer";
/** Its exit code when the home has no room for all of it. */
const HOME_IS_FULL = 28;
const VARIABLES = "/run/guise/env";
/** /run/guise holds 4 MiB in all. */
const MOST_BYTES = 8 * 2 ** 20;
/** What the channel and the sandbox itself keep there. */
const RESERVED = /^\/run\/guise(?:\/(?:env|passwd|group|layer|host_ed25519|authorized_keys|launches(?:\/.*)?))?$/;

export interface PersonalFile {
  /** `~/…` or `/run/…`, without empty, `.` or `..` parts. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  /** `default`: written only where nothing is yet. `met`: likewise, and told where something else is. `offered`: likewise, and no fault where it cannot be. */
  readonly apply: "default" | "enforced" | "met" | "offered";
}

/** What makes a sandbox somebody's. */
export interface PersonalLayer {
  readonly id: string;
  /** Of the whole layer, for logs and comparison. */
  readonly digest: string;
  readonly files: readonly PersonalFile[];
  /** What is written of it: a file that is there once all others are, and nothing was met or left out. */
  readonly ledger?: Omit<PersonalFile, "apply">;
  readonly variables: Readonly<Record<string, string>>;
  /** Looked for by the way, once all is in place: names as a shell looks for them, or paths from the root. */
  readonly programs: readonly string[];
}

export interface ApplyOptions {
  /** Ms after which a sandbox that has not taken the layer is given up: whoever runs code in it may hold the shell up. */
  readonly within: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** The layer is already there, or on its way, with the keys of the channel: only its end is waited for. */
  readonly delivered?: Promise<LayerEnd> | undefined;
}

export interface AppliedLayer {
  /** Files below the home that stayed as they were, for it has no room. */
  readonly unwritten: readonly string[];
  /** Files to be `met` in whose place something else is; it stayed. */
  readonly met: readonly string[];
  /** All `programs` were there. False says little: some programs are found by a shell alone. */
  readonly found: boolean;
}

/**
 * Writes settings and variables into a sandbox, in one round trip. Nothing is written unless all of it arrived; each file is
 * written beside its place and renamed; no link is followed on the way. Safe to repeat. Resolves when everything is in place;
 * rejects `configuration_failed` and says which file, or that time was up; `cancelled`.
 * A home without room is no failure, for its person must get in to make some: `unwritten` are the files below it that stayed as they were.
 */
export async function applyPersonalLayer(channel: Channel, layer: PersonalLayer, options: ApplyOptions): Promise<AppliedLayer> {
  const { exit, said } = await endWithin(channel, layer, options);
  const lines = new Set(said.split("\n"));
  // It looks through the usual PATH; what lies on one of the persona's own, a shell must say.
  const found = lines.has("found") && layer.variables.PATH === undefined;
  const paths = layer.files.map(({ path }) => path);
  const met = layer.files.flatMap(({ path, apply }) => (apply === "met" && lines.has(`met ${path}`) ? [path] : []));
  if (exit === 0) return { unwritten: [], met, found };
  if (exit === HOME_IS_FULL) return { unwritten: paths.filter((path) => lines.has(path)), met, found };
  const why = plainLines(said.trim(), 500);
  throw new ProvisioningError("configuration_failed", why === "" ? `the personal layer ended with ${exit}` : why, {
    detail: { layer: layer.id, digest: layer.digest },
  });
}

async function endWithin(channel: Channel, layer: PersonalLayer, { within, clock, signal, delivered }: ApplyOptions): Promise<LayerEnd> {
  const late = new AbortController();
  const timer = clock.after(within, () => late.abort());
  try {
    const ended = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
    if (delivered !== undefined) return await Promise.race([delivered, lost(channel), aborted(ended)]);
    const { exit, stdout, stderr } = await channel.run(PROGRAM, { input: encodeLayer(layer), signal: ended });
    return { exit, said: stdout + stderr };
  } catch (error) {
    if (signal?.aborted === true) throw new ProvisioningError("cancelled", "the configuration was called off", { cause: error });
    if (!late.signal.aborted) throw error;
    throw new ProvisioningError("configuration_failed", `the sandbox did not take its configuration within ${within / 1000} s`, {
      cause: error,
    });
  } finally {
    timer.cancel();
  }
}

async function lost(channel: Channel): Promise<never> {
  await channel.closed;
  throw new ProvisioningError("channel_lost", "the sandbox ended before its settings were in place");
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** What `inside/main/personal-layer` reads: the records, then the programs. */
export function encodeLayer({ files, ledger, variables, programs }: PersonalLayer): Buffer {
  const records = files.map((file) => recordOf("file", file));
  if (ledger !== undefined) records.push(recordOf("ledger", { ...ledger, apply: "enforced" }));
  records.push(encodeRecord("variables", { path: VARIABLES, content: variablesOf(variables), mode: 0o400, apply: "enforced" }));
  return encodeRecords(records, programs);
}

/** A record of a file, whose path is checked. */
export function recordOf(kind: RecordKind, record: LayerRecord): Buffer {
  if (!isPlainPath(record.path))
    throw new ProvisioningError("configuration_failed", `${JSON.stringify(record.path)} is no place for a file`);
  return encodeRecord(kind, record);
}

export function encodeRecords(records: readonly Buffer[], programs: readonly string[] = []): Buffer {
  const encoded = Buffer.concat([...records, Buffer.from(["end", ...programs, ""].join("\n"))]);
  if (encoded.length > MOST_BYTES)
    throw new ProvisioningError("configuration_failed", `the personal layer has more than ${MOST_BYTES} bytes`);
  return encoded;
}

type RecordKind = "file" | "variables" | "ledger" | "read" | "swap";
type LayerRecord = Omit<PersonalFile, "apply"> & { readonly apply: PersonalFile["apply"] | "merged" | "replaced" | "kept" };

function encodeRecord(kind: RecordKind, { path, content, mode, apply }: LayerRecord): Buffer {
  const name = Buffer.from(path);
  const permissions = (mode & 0o777).toString(8).padStart(3, "0");
  return Buffer.concat([Buffer.from(`${kind} ${permissions} ${apply} ${name.length} ${content.length}\n`), name, content]);
}

function variablesOf(variables: Readonly<Record<string, string>>): Buffer {
  try {
    return Buffer.from(shellVariables(variables));
  } catch (error) {
    if (error instanceof RangeError) throw new ProvisioningError("configuration_failed", error.message, { cause: error });
    throw error;
  }
}

function isPlainPath(path: string): boolean {
  if (!/^(?:~|\/run)\/./.test(path) || path.includes("\0") || path.length > 4096 || RESERVED.test(path)) return false;
  return path.split("/").every((part, index) => (index === 0 ? part === "~" || part === "" : part !== "" && part !== "." && part !== ".."));
}
