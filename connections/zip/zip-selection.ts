import { posix } from "node:path";
import { addAbortSignal, PassThrough, Readable, finished as whenFinished } from "node:stream";
import { plainText } from "@guise/contract";
import { ZipFile } from "yazl";
import { codeOf } from "#foundation";
import type { Lease } from "../shared-channels.ts";
import { shellPath } from "../shell-path.ts";
import { type Found, lookThrough } from "./look-through.ts";
import { safeName } from "./safe-name.ts";

/** What is not in it, for people, as the last entry. */
export const NOT_INCLUDED = "not-included.txt";
/** For the wire and not for the disk: most of what is large is compressed already. */
const LEVEL = 1;

const WHY: Readonly<Record<Exclude<Found["kind"], "file" | "folder">, string>> = {
  unreadable_file: "its own owner may not read it",
  unreadable_folder: "its own owner may not look into it",
  link: "a link, which would lead elsewhere where it is unpacked",
  socket: "a socket, which is no file",
  other: "neither a file nor a folder",
};
/** Of one file alone; anything else is the end of all. */
const OF_ONE_FILE: ReadonlySet<string> = new Set(["file_not_found", "file_failed"]);

/** Files and folders of one folder as a zip, made as it is read: nothing of it lies anywhere in between. What cannot be had is named in it, and the rest comes. */
export async function zipSelection({ channel }: Lease, path: string, names: readonly string[]): Promise<Readable> {
  const folder = shellPath(path);
  const found = await lookThrough(channel, folder, names);
  const zip = new ZipFile();
  const out = new PassThrough();
  zip.on("error", (error) => out.destroy(error));
  zip.outputStream.pipe(out);
  const left = new AbortController();
  whenFinished(out, () => left.abort());
  void fill(zip, found, left.signal, (one) => channel.files().read(posix.join(path, one))).catch((error: Error) => out.destroy(error));
  return out;
}

async function fill(zip: ZipFile, found: readonly Found[], left: AbortSignal, read: (path: string) => Promise<Readable>): Promise<void> {
  const notIncluded: string[] = [];
  const taken = new Set<string>([NOT_INCLUDED]);
  for (const { path, kind, mode, modified } of found) {
    left.throwIfAborted();
    if (kind !== "file" && kind !== "folder") {
      notIncluded.push(`${oneLine(path)}: ${WHY[kind]}`);
      continue;
    }
    const name = safeName(path, taken);
    if (name !== path) notIncluded.push(`${oneLine(path)}: is here as ${name}`);
    const options = { mode: (kind === "file" ? 0o100000 : 0o040000) | mode, mtime: new Date(modified) };
    if (kind === "folder") zip.addEmptyDirectory(name, options);
    else await added(zip, name, options, contentOf(path, read, notIncluded), left);
  }
  if (notIncluded.length > 0)
    zip.addBuffer(Buffer.from(`Not in this archive, or not as it was:\n\n${notIncluded.join("\n")}\n`), NOT_INCLUDED);
  zip.end();
}

/** Resolves when the content was read to its end: one file at a time is open. */
function added(
  zip: ZipFile,
  name: string,
  options: { mode: number; mtime: Date },
  content: AsyncGenerator<Buffer>,
  left: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Whoever leaves in the middle leaves nothing open inside.
    const stream = addAbortSignal(left, Readable.from(content, { objectMode: false }));
    stream.once("end", resolve).once("error", reject).once("close", resolve);
    zip.addReadStream(stream, name, { ...options, compressionLevel: LEVEL });
  });
}

/** What of the file can be read; where that is not all, it is told. */
async function* contentOf(path: string, read: (path: string) => Promise<Readable>, notIncluded: string[]): AsyncGenerator<Buffer> {
  try {
    yield* await read(path);
  } catch (error) {
    if (!OF_ONE_FILE.has(codeOf(error) ?? "")) throw error;
    notIncluded.push(`${oneLine(path)}: could not be read to its end; what is here of it is not whole`);
  }
}

function oneLine(path: string): string {
  return plainText(path.replaceAll("\n", "\\n"), 1000);
}
