import { posix } from "node:path";
import type { Readable, Writable } from "node:stream";
import { plainText } from "@guise/contract";
import { codeOf, type Ids } from "#foundation";
import type { FileAccess, FileEntry, WriteOptions } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { insidePath } from "./inside-path.ts";
import { type Attributes, OPEN_FLAG, REPLY, REQUEST, settingAttributes } from "./sftp-packets.ts";
import { explainedByRoom } from "./sftp-room.ts";
import { isEnd, type SftpSession } from "./sftp-session.ts";
import { readStream, SftpWriteStream } from "./sftp-transfer.ts";

export const MOST_ENTRIES = 10_000;
/** Linux' own bound. */
const LONGEST_NAME = 255;
const KIND_BITS = 0o170000;
const KINDS = new Map<number, FileEntry["kind"]>([
  [0o100000, "file"],
  [0o040000, "folder"],
  [0o120000, "link"],
]);

/** People's files over SFTP. `session` gives the shared session, opened when it is first needed. */
export class SftpFiles implements FileAccess {
  readonly #session: () => Promise<SftpSession>;
  readonly #ids: Ids;

  constructor(session: () => Promise<SftpSession>, ids: Ids) {
    this.#session = session;
    this.#ids = ids;
  }

  async stat(path: string): Promise<FileEntry> {
    const session = await this.#session();
    const reply = await session.request(path, REQUEST.lstat, insidePath(path));
    return entryOf(
      posix.basename(path),
      session.expect(reply, REPLY.attributes, (fields) => fields.attributes()),
    );
  }

  /** Rejects `output_too_large` beyond 10,000 entries. */
  async list(path: string): Promise<readonly FileEntry[]> {
    const session = await this.#session();
    const handle = await session.handle(path, REQUEST.opendir, insidePath(path));
    try {
      return await readEntries(session, path, handle);
    } finally {
      if (!session.ended) await session.request(path, REQUEST.close, handle).catch(() => {});
    }
  }

  async read(path: string): Promise<Readable> {
    const session = await this.#session();
    return readStream(session, path, await session.handle(path, REQUEST.open, insidePath(path), OPEN_FLAG.read, 0));
  }

  /** Written under another name in the same folder, then renamed over the target: a link there is replaced, not followed. */
  async write(path: string, { mode, modified, exclusive = false }: WriteOptions): Promise<Writable> {
    const session = await this.#session();
    const target = insidePath(path);
    const explain = (error: unknown) => explainedByRoom(session, path, target, error);
    // Known before anything is sent; what comes meanwhile is met by the rename.
    if (exclusive && (await isThere(session, target))) throw alreadyThere(path);
    const beside = posix.join(posix.dirname(target), this.#ids.next(".guise", 12));
    const handle = await this.#create(session, path, beside).catch(async (error: unknown) => {
      throw await explain(error);
    });
    const close = () => session.request(path, REQUEST.close, handle);
    return new SftpWriteStream(session, path, handle, {
      explain,
      complete: async () => {
        await session.request(path, REQUEST.fsetstat, handle, ...settingAttributes(mode, modified));
        await close();
        await (exclusive ? moveToFree(session, path, beside, target) : moveOver(session, path, beside, target));
      },
      abandon: async () => {
        await close().catch(() => {});
        await session.request(path, REQUEST.remove, beside);
      },
    });
  }

  async #create(session: SftpSession, path: string, target: string): Promise<Buffer> {
    const flags = OPEN_FLAG.write | OPEN_FLAG.create | OPEN_FLAG.exclusive;
    const create = () => session.handle(path, REQUEST.open, target, flags, ...settingAttributes(0o600));
    try {
      return await create();
    } catch (error) {
      if (codeOf(error) !== "file_not_found") throw error;
      await makeFolders(session, posix.dirname(target));
      return create();
    }
  }
}

async function moveOver(session: SftpSession, path: string, from: string, to: string): Promise<void> {
  await session.request(path, REQUEST.extended, "posix-rename@openssh.com", from, to);
}

/** SFTP's own rename never replaces: the server links the new name, which fails where there is one. */
async function moveToFree(session: SftpSession, path: string, from: string, to: string): Promise<void> {
  try {
    await session.request(path, REQUEST.rename, from, to);
  } catch (error) {
    if (await isThere(session, to)) throw alreadyThere(path);
    throw error;
  }
}

async function isThere(session: SftpSession, target: string): Promise<boolean> {
  try {
    await session.request(target, REQUEST.lstat, target);
    return true;
  } catch (error) {
    if (codeOf(error) === "file_not_found") return false;
    throw error;
  }
}

function alreadyThere(path: string): ProvisioningError {
  return new ProvisioningError("file_exists", `${plainText(path)} is there already`);
}

async function readEntries(session: SftpSession, path: string, handle: Buffer): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (;;) {
    const reply = await session.request(path, REQUEST.readdir, handle).catch((error: unknown) => {
      if (isEnd(error)) return undefined;
      throw error;
    });
    if (reply === undefined) return entries;
    const some = session.expect(reply, REPLY.name, (fields) => {
      const count = fields.number();
      if (count === 0 || count > MOST_ENTRIES) session.violate(`a listing of ${count} names`);
      return Array.from({ length: count }, () => {
        const name = fields.text();
        fields.bytes();
        return entryOf(name, fields.attributes());
      });
    });
    for (const entry of some) if (isName(session, entry.name)) entries.push(entry);
    if (entries.length > MOST_ENTRIES) throw new ProvisioningError("output_too_large", `${path} has more than ${MOST_ENTRIES} entries`);
  }
}

/** A name with a slash could lead whoever joins it to a path of their own out of their folder. */
function isName(session: SftpSession, name: string): boolean {
  if (name === "." || name === "..") return false;
  // a name that is not UTF-8 may grow when it is decoded, threefold at most
  if (name === "" || name.includes("/") || name.includes("\0") || name.length > LONGEST_NAME)
    session.violate("a listing with a name that no file can have");
  return true;
}

function entryOf(name: string, { bytes, mode, modified }: Attributes): FileEntry {
  return { name, kind: KINDS.get(mode & KIND_BITS) ?? "other", bytes, mode: mode & 0o7777, modified };
}

/** From the top down; a folder that is there already fails to be made, and so does nothing. The open that follows tells. */
async function makeFolders(session: SftpSession, folder: string): Promise<void> {
  const above: string[] = [];
  for (let each = folder; each !== "." && each !== "/"; each = posix.dirname(each)) above.unshift(each);
  for (const each of above) {
    await session.request(each, REQUEST.mkdir, each, ...settingAttributes(0o755)).catch((error: unknown) => {
      if (session.ended) throw error;
    });
  }
}
