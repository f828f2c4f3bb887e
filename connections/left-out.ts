import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { LEFT_OUT_REASONS, LEFT_OUT_RECORD, type LeftOutReason, type LeftOutReport, plainText } from "@guise/contract";
import { pack } from "tar-stream";
import { type Channel, shellWords } from "#provisioning";

/** Names in one report. */
const MOST_NAMED = 200;
const LONGEST_PATH = 4100;
/** Bytes of the names as JSON: the reader takes no longer record. */
const MOST_BYTES = 200_000;
/** Ms for looking through a folder. */
const LONGEST_LOOK = 60_000;
const LETTERS = new Map<string, LeftOutReason>([
  ["f", "unreadable_file"],
  ["d", "unreadable_folder"],
  ["s", "socket"],
]);

/** What tar will not be able to put into an archive of the folder, by name. Empty where the folder is too large to be looked through. */
export async function lookForLeftOut(channel: Channel, folder: string): Promise<LeftOutReport> {
  const which = "( -type f ! -readable -o -type d ( ! -readable -o ! -executable ) -o -type s )".split(" ");
  const find = shellWords(["find", ".", ...which, "-printf", "%y%P\\0", "-prune"]);
  const { stdout } = await channel
    .run(`cd -- ${shellWords([folder])} && ${find} 2>/dev/null | head -zn ${MOST_NAMED + 1}`, {
      maximumOutput: (MOST_NAMED + 1) * LONGEST_PATH,
      signal: AbortSignal.timeout(LONGEST_LOOK),
    })
    .catch(() => ({ stdout: "" }));
  const found = stdout.split("\0").flatMap((line) => {
    const reason = LETTERS.get(line.charAt(0));
    return reason === undefined ? [] : [{ path: line.slice(1) || ".", reason }];
  });
  let bytes = 0;
  const fits = found.findIndex((entry, index) => {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    return index === MOST_NAMED || bytes > MOST_BYTES;
  });
  return { entries: fits === -1 ? found : found.slice(0, fits), more: fits !== -1, said: [] };
}

/** The report with what tar said, but for what it said of those that are named already. */
export function withSaid(report: LeftOutReport, said: string): LeftOutReport {
  const named = report.entries.map(({ path }) => `tar: ./${inOneLine(path)}: `);
  const lines = said.split("\n").filter((line) => line !== "" && !named.some((start) => line.startsWith(start)));
  return { ...report, said: lines.map((line) => plainText(line, 300)) };
}

/** The end of an archive, with an entry before it that tells programs and people what was left out, where something was. */
export async function archiveTail(report: LeftOutReport): Promise<Buffer> {
  const tail = pack();
  const lines = linesOf(report);
  // A name that nothing of the person's own has.
  const header = { name: `left-out-${randomUUID().slice(0, 8)}.txt`, mode: 0o644, pax: { [LEFT_OUT_RECORD]: JSON.stringify(report) } };
  if (lines.length > 0) tail.entry(header, `Not in this archive, or not whole:\n\n${lines.join("\n")}\n`);
  tail.finalize();
  return buffer(tail);
}

function linesOf({ entries, more, said }: LeftOutReport): string[] {
  const named = entries.map(({ path, reason }) => `${plainText(inOneLine(path))}: ${LEFT_OUT_REASONS[reason]}`);
  return [...named, ...(more ? ["and more of that kind"] : []), ...said];
}

/** As tar writes names. */
function inOneLine(path: string): string {
  return path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
