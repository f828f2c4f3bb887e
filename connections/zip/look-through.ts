import { plainText } from "@guise/contract";
import { type Channel, ProvisioningError, shellWords } from "#provisioning";

/** A thing below the chosen folder. */
export interface Found {
  /** As the folder knows it: "reports/a.csv". */
  readonly path: string;
  readonly kind: "file" | "folder" | "unreadable_file" | "unreadable_folder" | "link" | "socket" | "other";
  readonly mode: number;
  /** Ms since the epoch. */
  readonly modified: number;
}

/** Entries in one zip: what is more is a folder to be taken as tar. */
export const MOST_FOUND = 50_000;
const MOST_BYTES = 24 * 2 ** 20;
/** Ms. */
const LONGEST_LOOK = 120_000;
/** The script's own code. */
const NO_FOLDER = 81;

const KINDS = new Map<string, Found["kind"]>([
  ["l", "link"],
  ["s", "socket"],
]);

/** All below the folder that is one of these names, or lies below one; folders before what is in them. No link is followed. */
export async function lookThrough(channel: Channel, folder: string, names: readonly string[]): Promise<readonly Found[]> {
  const starts = names.map((name) => `./${name}`);
  const readable = ["(", "-readable", "(", "!", "-type", "d", "-o", "-executable", ")", "-printf", "r", "-o", "-printf", "-", ")"];
  const told = ["-printf", "%y %m %T@ %p\\0"];
  const find = shellWords(["find", ...starts, ...readable, ...told]);
  const script = `export LC_ALL=C.UTF-8\ncd -- ${shellWords([folder])} || exit ${NO_FOLDER}\n${find} 2> /dev/null | head -zn ${MOST_FOUND + 1}`;
  const { exit, stdout } = await channel.run(script, { maximumOutput: MOST_BYTES, signal: AbortSignal.timeout(LONGEST_LOOK) });
  if (exit === NO_FOLDER) throw new ProvisioningError("file_not_found", `there is no folder ${plainText(folder)}`);
  const found = stdout.split("\0").flatMap(foundIn);
  if (found.length > MOST_FOUND)
    throw new ProvisioningError("output_too_large", `more than ${MOST_FOUND} files were chosen; download the folder, which comes as tar`);
  const first = found[0];
  if (first === undefined) throw new ProvisioningError("file_not_found", "nothing that was chosen is there any more");
  return found;
}

function foundIn(line: string): readonly Found[] {
  const match = /^([r-])([a-zA-Z]) ([0-7]{1,4}) (-?\d{1,12})(?:\.\d+)? \.\/(.+)$/s.exec(line);
  if (match === null) return [];
  const [, readable, type = "", mode = "0", seconds = "0", path = ""] = match;
  return [{ path, kind: kindOf(type, readable === "r"), mode: Number.parseInt(mode, 8) & 0o777, modified: Number(seconds) * 1000 }];
}

function kindOf(type: string, isReadable: boolean): Found["kind"] {
  if (type === "f") return isReadable ? "file" : "unreadable_file";
  if (type === "d") return isReadable ? "folder" : "unreadable_folder";
  return KINDS.get(type) ?? "other";
}
