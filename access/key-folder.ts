import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { CodedError, codeOf } from "#foundation";

export type KeyFolderErrorCode = "key_folder_unsafe" | "key_file_unsafe" | "key_file_damaged";

/** Thrown when keys lie where others could read or replace them. */
export class KeyFolderError extends CodedError<KeyFolderErrorCode> {
  override readonly name = "KeyFolderError";
}

/** Makes the folder (mode 0700) or refuses one that others may enter. Rejects `key_folder_unsafe`. */
export async function ensureKeyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const facts = await lstat(folder);
  if (!facts.isDirectory() || isOpenToOthers(facts)) {
    throw new KeyFolderError("key_folder_unsafe", `${folder} must be a folder of mode 0700 that belongs to this user: chmod 700 ${folder}`);
  }
}

/** The text of a key file (0600), or undefined when there is none. Rejects `key_file_unsafe`. */
export async function readKeyFile(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const facts = await file.stat();
    if (!facts.isFile() || isOpenToOthers(facts)) {
      throw new KeyFolderError("key_file_unsafe", `${path} must be a file of mode 0600 that belongs to this user: chmod 600 ${path}`);
    }
    return await file.readFile("utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ELOOP") throw new KeyFolderError("key_file_unsafe", `${path} is a link; keys are read from plain files only`);
    throw error;
  }
}

/** Writes a key file whole or not at all; of two writers at once the first wins, and both then read the same key. */
export async function createKeyFile(folder: string, name: string, content: string): Promise<void> {
  const temporary = join(folder, `.${name}.${randomUUID()}`);
  try {
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(content);
    await file.sync();
    await link(temporary, join(folder, name));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

function isOpenToOthers(facts: { readonly mode: number; readonly uid: number }): boolean {
  return (facts.mode & 0o077) !== 0 || facts.uid !== process.getuid?.();
}
