import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Headers, pack as openPack, type Pack } from "tar-stream";

export interface Told {
  /** Bytes of content so far. */
  readonly onBytes: (bytes: number) => void;
  readonly onLeftOut: (name: string, reason: string) => void;
}

/** A folder as a tar archive, entries relative to it. Links go as links, never followed; what cannot be in an archive is left out and told. */
export function packFolder(folder: string, told: Told): Readable {
  const pack = openPack();
  addFolder(pack, folder, "", { bytes: 0, ...told }).then(
    () => pack.finalize(),
    (error: Error) => pack.destroy(error),
  );
  const archive = new PassThrough();
  pipeline(pack, archive).catch(() => {}); // The reader of the archive is told by the archive.
  return archive;
}

interface Counter extends Told {
  bytes: number;
}

async function addFolder(pack: Pack, root: string, below: string, counter: Counter): Promise<void> {
  for (const bytes of (await readdir(join(root, below), { encoding: "buffer" })).sort(Buffer.compare)) {
    const name = bytes.toString();
    const path = below === "" ? name : `${below}/${name}`;
    if (!Buffer.from(name).equals(bytes)) {
      counter.onLeftOut(path, "its name is not UTF-8");
      continue;
    }
    const facts = await lstat(join(root, path));
    const header = { name: path, mode: facts.mode & 0o777, mtime: facts.mtime };
    if (facts.isDirectory()) {
      await addBare(pack, { ...header, type: "directory" });
      await addFolder(pack, root, path, counter);
    } else if (facts.isSymbolicLink()) {
      await addBare(pack, { ...header, type: "symlink", linkname: await readlink(join(root, path)) });
    } else if (facts.isFile()) {
      await addFile(pack, join(root, path), { ...header, type: "file", size: facts.size }, counter);
    } else counter.onLeftOut(path, "it is a pipe, a socket or a device");
  }
}

function addBare(pack: Pack, header: Headers): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry(header, (error) => (error ? reject(error) : resolve()));
  });
}

/** A file that shrinks or grows while it is read ends the archive with an error; growth is cut at the size that was announced. */
async function addFile(pack: Pack, place: string, header: Headers, counter: Counter): Promise<void> {
  const size = header.size ?? 0;
  const { promise: stored, resolve, reject } = Promise.withResolvers<void>();
  const entry = pack.entry(header, (error) => (error ? reject(error) : resolve()));
  if (size === 0) entry.end();
  else {
    const source = createReadStream(place, { end: size - 1 });
    source.on("data", (piece) => {
      counter.bytes += piece.length;
      counter.onBytes(counter.bytes);
    });
    await pipeline(source, entry);
  }
  await stored;
}
