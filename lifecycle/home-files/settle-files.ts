import type { LeftFile, LeftFileReason } from "@guise/contract";
import { without } from "#applications";
import type { Clock } from "#foundation";
import type { PlannedFile } from "#persona";
import { type Channel, type HomeFile, ProvisioningError, readHomeFile, type Swap, type SwapEnd, swapHomeFiles } from "#provisioning";
import { decodeLedger, encodeLedger, LEDGER_PATH, type Ledger, sha256, withEntries } from "./ledger.ts";
import type { MergeFiles, MergeJob } from "./merging.ts";

export interface HomeFiles {
  /** In whose place something else is. */
  readonly met: readonly PlannedFile[];
  /** Written just now, or as they should be: to be remembered with the others. */
  readonly inPlace: readonly PlannedFile[];
}

export interface SettleOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Ms for all of it. */
  readonly within: number;
  readonly mergeFiles: MergeFiles;
}

/** What becomes of one file. */
type Intent =
  | { readonly kind: "nothing" }
  | { readonly kind: "leave"; readonly reason: LeftFileReason }
  | { readonly kind: "swap"; readonly swap: Swap }
  | { readonly kind: "merge"; readonly path: string; readonly job: MergeJob; readonly mode: number };

/**
 * Files of the persona in whose place its person has something else: read, merged or replaced, and exchanged for what was read. Safe to
 * repeat: what was done is found done. Resolves with what was left; rejects as `applyPersonalLayer` does.
 */
export async function settleFiles(channel: Channel, files: HomeFiles, options: SettleOptions): Promise<readonly LeftFile[]> {
  if (files.met.length === 0) return [];
  const late = new AbortController();
  const timer = options.clock.after(options.within, () => late.abort());
  try {
    return await settled(channel, files, { ...options, signal: AbortSignal.any([options.signal, late.signal]) });
  } catch (error) {
    if (!late.signal.aborted || options.signal.aborted) throw error;
    const message = `the sandbox did not give its files within ${options.within / 1000} s`;
    throw new ProvisioningError("configuration_failed", message, { cause: error });
  } finally {
    timer.cancel();
  }
}

async function settled(channel: Channel, { met, inPlace }: HomeFiles, { signal, mergeFiles }: SettleOptions): Promise<readonly LeftFile[]> {
  const before = await readHomeFile(channel, LEDGER_PATH, signal);
  const ledger = before.kind === "file" ? decodeLedger(before.content) : new Map();
  const intents: Intent[] = [];
  for (const file of met) intents.push(await intentOf(channel, file, ledger, signal));
  const swaps = await swapsOf(intents, mergeFiles);
  const reasons: (LeftFileReason | undefined)[] = [];
  // one a round trip: together they could be more than a layer may have
  for (const swap of swaps) reasons.push(await reasonAfter(channel, swap, signal));
  await remember(channel, { before, ledger, settled: [...inPlace, ...met.filter((_, index) => reasons[index] === undefined)] }, signal);
  return met.flatMap(({ path }, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [{ path, reason }];
  });
}

async function intentOf(channel: Channel, file: PlannedFile, ledger: Ledger, signal: AbortSignal): Promise<Intent> {
  const keys =
    file.merge === undefined
      ? {}
      : file.apply === "default"
        ? without(file.merge.keys, new Set(ledger.get(file.path)?.keys))
        : file.merge.keys;
  if (file.merge !== undefined && Object.keys(keys).length === 0) return { kind: "nothing" };
  const present = await readHomeFile(channel, file.path, signal);
  const swap = (over: Partial<Swap>): Intent => ({
    kind: "swap",
    swap: { path: file.path, before: undefined, content: Buffer.from(file.content), mode: file.mode, keeps: false, ...over },
  });
  if (present.kind === "absent") return swap({});
  if (file.merge === undefined) return replacing(present, file, ledger, swap);
  if (present.kind !== "file") return { kind: "leave", reason: REASONS[present.kind] };
  const manner = file.apply === "default" ? "default" : "enforced";
  return {
    kind: "merge",
    path: file.path,
    job: { file: present.content, merging: { format: file.merge.format, keys, manner } },
    mode: present.mode,
  };
}

const REASONS = { other: "not_a_file", large: "too_large", refused: "not_writable" } as const satisfies Record<string, LeftFileReason>;

/** What Guise itself wrote there before is nobody's, and not kept. */
function replacing(present: HomeFile, { path, content }: PlannedFile, ledger: Ledger, swap: (over: Partial<Swap>) => Intent): Intent {
  if (present.kind !== "file") return swap({ keeps: true });
  if (present.content.equals(Buffer.from(content))) return { kind: "nothing" };
  return swap({ before: present.content, keeps: sha256(present.content) !== ledger.get(path)?.sha256 });
}

type Settled = Swap | { readonly left: LeftFileReason } | undefined;

async function swapsOf(intents: readonly Intent[], mergeFiles: MergeFiles): Promise<Settled[]> {
  const merging = intents.flatMap((intent) => (intent.kind === "merge" ? [intent.job] : []));
  const merged = [...(await mergeFiles(merging))];
  return intents.map((intent): Settled => {
    if (intent.kind === "nothing") return undefined;
    if (intent.kind === "leave") return { left: intent.reason };
    if (intent.kind === "swap") return intent.swap;
    const { text, left } = merged.shift() ?? { left: "too_slow" as const };
    if (text === undefined) return { left };
    const content = Buffer.from(text);
    return content.equals(intent.job.file)
      ? undefined
      : { path: intent.path, before: intent.job.file, content, mode: intent.mode, keeps: false };
  });
}

/** Why the file is as before; undefined: it is as it should be. */
async function reasonAfter(channel: Channel, swap: Settled, signal: AbortSignal): Promise<LeftFileReason | undefined> {
  if (swap === undefined) return undefined;
  if ("left" in swap) return swap.left;
  const [end] = await swapHomeFiles(channel, [swap], signal);
  return end === undefined ? undefined : SWAP_REASONS[end];
}

const SWAP_REASONS: Readonly<Record<SwapEnd, LeftFileReason | undefined>> = {
  done: undefined,
  changed: "changed_meanwhile",
  full: "home_full",
  other: "not_a_file",
  refused: "not_writable",
};

interface Remembered {
  readonly before: HomeFile;
  readonly ledger: Ledger;
  readonly settled: readonly PlannedFile[];
}

/** A ledger that cannot be written is told by nobody: what it would keep is done once more at the next start. */
async function remember(channel: Channel, { before, ledger, settled }: Remembered, signal: AbortSignal): Promise<void> {
  const content = encodeLedger(withEntries(ledger, settled));
  const isSame = before.kind === "file" ? before.content.equals(content) : content.equals(encodeLedger(new Map()));
  if (!isSame) await swapHomeFiles(channel, [{ path: LEDGER_PATH, before: undefined, content, mode: 0o600, keeps: false }], signal);
}
