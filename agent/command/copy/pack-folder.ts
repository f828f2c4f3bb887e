import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Headers, pack as openPack, type Pack } from "tar-stream";
import type { LeftOut } from "./left-out.ts";

export interface Told {
  /** Bytes of content so far. */
  readonly onBytes: (bytes: number) => void;
  readonly onLeftOut: (leftOut: LeftOut) => void;
}

/** What concerns one file alone: its rights, or that it went away meanwhile. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  EACCES: "may not be read by you",
  EPERM: "may not be read by you",
  ENOENT: "went away meanwhile",
  ENOTDIR: "went away meanwhile",
  ELOOP: "became a link meanwhile",
};
/** Of one read while the archive waits for the network. */
const PIECE = 64 * 1024;

/**
 * A folder as a tar archive, entries relative to it, beginning with itself. Links go as links, never followed, and hard links as
 * such. What cannot be read or cannot be in an archive does not hold up the rest, and is told.
 */
export function packFolder(folder: string, told: Told): Readable {
  const pack = openPack();
  new Packing(pack, folder, told).whole().then(
    () => pack.finalize(),
    (error: Error) => pack.destroy(error),
  );
  const archive = new PassThrough();
  pipeline(pack, archive).catch(() => {}); // The reader of the archive is told by the archive.
  return archive;
}

class Packing {
  readonly #pack: Pack;
  readonly #root: string;
  readonly #told: Told;
  /** The first name of each file that has several. */
  readonly #named = new Map<string, string>();
  #bytes = 0;
  #isClosed = false;

  constructor(pack: Pack, root: string, told: Told) {
    this.#pack = pack.once("close", () => {
      this.#isClosed = true;
    });
    this.#root = root;
    this.#told = told;
  }

  async whole(): Promise<void> {
    const names = await namesIn(this.#root);
    await this.#addFolder(".", names);
  }

  async #addFolder(below: string, names: readonly Buffer[]): Promise<void> {
    const { mode, mtime } = await lstat(join(this.#root, below));
    // Without the owner's own access nothing could be written into it.
    await this.#addBare({ name: `${below}/`, type: "directory", mode: (mode & 0o777) | 0o700, mtime });
    for (const bytes of names) {
      const name = bytes.toString();
      const path = below === "." ? name : `${below}/${name}`;
      if (Buffer.from(name).equals(bytes)) await this.#unlessOneFails(path, () => this.#add(path));
      else this.#leaveOut(path, "has a name that is not UTF-8");
    }
  }

  async #add(path: string): Promise<void> {
    const place = join(this.#root, path);
    const facts = await lstat(place);
    if (facts.isDirectory()) return this.#addFolder(path, await namesIn(place));
    const header = { name: path, mode: facts.mode & 0o777, mtime: facts.mtime };
    if (facts.isSymbolicLink()) return this.#addBare({ ...header, type: "symlink", linkname: await readlink(place) });
    if (facts.isFile()) return this.#addFile(path, place);
    this.#told.onLeftOut({ name: path, kind: "special", reason: "is a pipe, a socket or a device" });
  }

  async #addFile(path: string, place: string): Promise<void> {
    await using file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { size, mode, mtime, mtimeMs, dev, ino, nlink } = await file.stat();
    const header = { name: path, mode: mode & 0o777, mtime };
    const key = `${dev}:${ino}`;
    const first = nlink > 1 ? this.#named.get(key) : undefined;
    if (first !== undefined) return this.#addBare({ ...header, type: "link", linkname: first });
    if (nlink > 1) this.#named.set(key, path);
    const { promise: stored, resolve, reject } = Promise.withResolvers<void>();
    stored.catch(() => {}); // Awaited below, where nothing went wrong before.
    const entry = this.#pack.entry({ ...header, type: "file", size }, (error) => (error ? reject(error) : resolve()));
    const fault = await this.#pour(file, size, entry);
    await this.#unlessClosed(stored);
    const now = await file.stat();
    if (fault !== undefined) this.#told.onLeftOut({ name: path, kind: "changed", reason: fault });
    else if (now.size !== size || now.mtimeMs !== mtimeMs)
      this.#told.onLeftOut({ name: path, kind: "changed", reason: "changed while it was read" });
  }

  /** Exactly as many bytes as were announced: growth is cut, and what is missing is filled with zeros. Gives what went wrong. */
  async #pour(file: FileHandle, size: number, entry: Writable): Promise<string | undefined> {
    let fault: string | undefined;
    for (let at = 0; at < size; ) {
      const piece = Buffer.alloc(Math.min(PIECE, size - at));
      const read = await file.read(piece, 0, piece.length, at).catch((error: NodeJS.ErrnoException) => {
        fault = `could not be read to its end (${error.code})`;
        return { bytesRead: 0 };
      });
      const got = read.bytesRead === 0 ? piece.length : read.bytesRead;
      if (read.bytesRead === 0) fault ??= "became shorter while it was read";
      await this.#taken(entry, piece.subarray(0, got));
      at += got;
      this.#bytes += got;
      this.#told.onBytes(this.#bytes);
    }
    entry.end();
    return fault;
  }

  #taken(entry: Writable, piece: Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    entry.write(piece, (error) => (error ? reject(error) : resolve()));
    return this.#unlessClosed(promise);
  }

  /** An archive that nobody reads any more takes nothing, and never says so: its files would stay open. */
  #unlessClosed(work: Promise<void>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const closed = () => reject(new Error("nobody reads the archive any more"));
    if (this.#isClosed) closed();
    this.#pack.once("close", closed);
    work.then(resolve, reject);
    return promise.finally(() => this.#pack.off("close", closed));
  }

  #addBare(header: Headers): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pack.entry(header, (error) => (error ? reject(error) : resolve()));
    });
  }

  async #unlessOneFails(path: string, add: () => Promise<void>): Promise<void> {
    try {
      await add();
    } catch (error) {
      const words = LEFT_OUT[(error as NodeJS.ErrnoException).code ?? ""];
      if (words === undefined) throw error;
      this.#leaveOut(path, words);
    }
  }

  #leaveOut(name: string, reason: string): void {
    this.#told.onLeftOut({ name, kind: "unreadable", reason });
  }
}

async function namesIn(folder: string): Promise<readonly Buffer[]> {
  return (await readdir(folder, { encoding: "buffer" })).sort(Buffer.compare);
}
