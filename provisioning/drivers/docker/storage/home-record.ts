import { readFile, rename, writeFile } from "node:fs/promises";
import { codeOf } from "#foundation";
import { ProvisioningError } from "#provisioning";

/** What must be known of a home to mount it again; kept beside its image. */
export interface HomeRecord {
  readonly version: 1;
  readonly home: string;
  /** Container uid (and gid) of everything in the home; never given to another home while this one exists. */
  readonly uid: number;
  /** Host id of container id 0 when the home was made: owners on disk are `remapBase + uid`. */
  readonly remapBase: number;
  /** Of the file system inside the image. */
  readonly uuid: string;
  /** Hard limit. */
  readonly bytes: number;
}

/** The record, or undefined when there is none. Rejects `storage_failed` for one that cannot be understood. */
export async function readHomeRecord(path: string): Promise<HomeRecord | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const record = parse(text);
  if (record === undefined) throw new ProvisioningError("storage_failed", "the record of a home cannot be read", { detail: { path } });
  return record;
}

/** Written beside and renamed: a crash leaves the old record or the new one. */
export async function writeHomeRecord(path: string, record: HomeRecord): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(record), { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}

function parse(text: string): HomeRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // The first records named the workspace that the home was made for; the home's own name is the same.
    const record = typeof value === "object" && value !== null && "workspace" in value ? { ...value, home: value.workspace } : value;
    return isHomeRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isHomeRecord(value: unknown): value is HomeRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<Record<keyof HomeRecord, unknown>>;
  const numbers = [record.uid, record.remapBase, record.bytes].every((number) => Number.isSafeInteger(number));
  return record.version === 1 && numbers && typeof record.home === "string" && typeof record.uuid === "string";
}
