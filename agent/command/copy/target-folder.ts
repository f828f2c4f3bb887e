import { randomUUID } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { copyFile, link, lstat, mkdir, rename, rm, stat, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Something here is in the way of one entry; the others are not concerned. */
export class Obstacle extends Error {}

/** Faults of a name here, not of the disk. */
const NAME_FAULTS: Readonly<Record<string, string>> = {
  EISDIR: "has the name of a folder that is there",
  ENOTEMPTY: "has the name of a folder that is there",
  EEXIST: "has the name of something that is there",
  ENOTDIR: "lies below what is no folder here",
  ENAMETOOLONG: "has a name that is too long here",
  EINVAL: "has a name that cannot be here",
  EILSEQ: "has a name that cannot be here",
};
/** A file system without hard links, or with no more of them. */
const NO_HARD_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EXDEV", "ENOSYS"]);

export interface Facts {
  readonly mode: number;
  /** Seconds since the epoch. */
  readonly modified: number;
}

type Parts = readonly string[];

/** Where an archive is unpacked to. Paths are parts that were checked to be names. */
export class TargetFolder {
  readonly #target: string;
  readonly #isNew: boolean;
  readonly #realFolders = new Set<string>([""]);
  readonly #files = new Set<string>();
  readonly #folderTimes = new Map<string, number>();

  /** `isNew`: the folder was made for this, and takes the archive's time. */
  constructor(target: string, isNew: boolean) {
    this.#target = target;
    this.#isNew = isNew;
  }

  async file(path: Parts, content: AsyncIterable<Buffer>, { mode, modified }: Facts): Promise<void> {
    await this.#folders(path.slice(0, -1));
    await this.#placed(path, async (beside) => {
      await pipeline(Readable.from(content, { objectMode: false }), createWriteStream(beside, { flags: "wx", mode }));
      await setTime(beside, modified);
    });
    this.#files.add(path.join("/"));
  }

  async folder(path: Parts, { mode, modified }: Facts): Promise<void> {
    await this.#folders(path, mode);
    if (path.length > 0 || this.#isNew) this.#folderTimes.set(join(this.#target, ...path), modified);
  }

  async link(path: Parts, to: string): Promise<void> {
    await this.#folders(path.slice(0, -1));
    await this.#placed(path, (beside) => symlink(to, beside));
  }

  /** False where the file is none that was made here: a link to anything else could lead to what is not the archive's. */
  async hardLink(path: Parts, to: Parts, count: (bytes: number) => void): Promise<boolean> {
    if (!this.#files.has(to.join("/"))) return false;
    const source = join(this.#target, ...to);
    await this.#folders(path.slice(0, -1));
    await this.#placed(path, async (beside) => {
      try {
        await link(source, beside);
      } catch (error) {
        if (!NO_HARD_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
        const { size, mtimeMs } = await stat(source);
        count(size);
        await copyFile(source, beside, constants.COPYFILE_EXCL);
        await setTime(beside, mtimeMs / 1000);
      }
    });
    this.#files.add(path.join("/"));
    return true;
  }

  /** After all else: what is made in a folder changes its time. */
  async setFolderTimes(): Promise<void> {
    for (const [place, modified] of this.#folderTimes) await setTime(place, modified);
  }

  /** Made beside and renamed: a rename replaces a link that lies there, instead of writing through it. */
  async #placed(path: Parts, make: (beside: string) => Promise<void>): Promise<void> {
    const final = join(this.#target, ...path);
    const beside = join(final, "..", `.guise-${randomUUID()}`);
    try {
      await make(beside);
      await rename(beside, final).catch(obstacle);
    } finally {
      await rm(beside, { force: true });
    }
  }

  /** Every part is a real folder, not a link to one. */
  async #folders(path: Parts, mode = 0o755): Promise<void> {
    for (let depth = 1; depth <= path.length; depth++) {
      const below = path.slice(0, depth);
      const key = below.join("/");
      if (this.#realFolders.has(key)) continue;
      const place = join(this.#target, ...below);
      await mkdir(place, { mode: depth === path.length ? mode : 0o755 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") obstacle(error);
      });
      if (!(await lstat(place)).isDirectory()) throw new Obstacle(`lies below "${place}", which is no folder here`);
      this.#realFolders.add(key);
    }
  }
}

function obstacle(error: NodeJS.ErrnoException): never {
  const words = NAME_FAULTS[error.code ?? ""];
  throw words === undefined ? error : new Obstacle(words);
}

/** A time that no file system has is none. */
async function setTime(place: string, modified: number): Promise<void> {
  if (modified > 0 && modified < 2 ** 33) await utimes(place, modified, modified);
}
