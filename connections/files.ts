import { Readable, type Writable, finished as whenFinished } from "node:stream";
import { finished } from "node:stream/promises";
import { plainText } from "#foundation";
import { type ChannelProcess, type FileEntry, ProvisioningError, shellWords } from "#provisioning";
import type { Lease, OpenChannel } from "./channel-pool.ts";

/** A file as it is, or a folder as one tar archive. */
export type FileForm = "file" | "tar";

export interface Download {
  readonly stream: Readable;
  /** Absent where it is not known beforehand. */
  readonly bytes: number | undefined;
}

const NEW_FILE_MODE = 0o644;
const MOST_SAID = 2000;
/** Names in one error. */
const MOST_NAMED = 5;
/** Ms for looking through a folder. */
const LONGEST_LOOK = 60_000;

/**
 * A file's content, or a folder's as a tar made inside, over a bulk channel. Rejects `file_not_found` or `file_failed`; the
 * stream fails with `file_failed` or as the channel. Paths are absolute, or below the home.
 */
export async function downloadFile(openChannel: OpenChannel, path: string, as: FileForm): Promise<Download> {
  return withLease(openChannel, async (lease) => {
    const facts = await lease.channel.files().stat(path);
    const download = as === "file" ? await readWhole(lease, path, facts) : { stream: await packFolder(lease, path), bytes: undefined };
    whenFinished(download.stream, () => lease.release());
    return download;
  });
}

/** Resolves when the file is complete under its name, or the archive unpacked below the folder, with the workspace's own rights. */
export async function uploadFile(
  openChannel: OpenChannel,
  path: string,
  as: FileForm,
  content: Readable,
  newMode = NEW_FILE_MODE,
): Promise<void> {
  const lease = await openChannel();
  try {
    if (as === "file") await pour(content, await lease.channel.files().write(path, await modeOf(lease, path, newMode)));
    else await unpackFolder(lease, path, content);
  } finally {
    lease.release();
  }
}

export async function statPath(openChannel: OpenChannel, path: string): Promise<FileEntry> {
  return once(openChannel, (lease) => lease.channel.files().stat(path));
}

export async function listFolder(openChannel: OpenChannel, path: string): Promise<readonly FileEntry[]> {
  return once(openChannel, (lease) => lease.channel.files().list(path));
}

/** The size is told only of plain files that have one: those of /proc claim none. */
async function readWhole(lease: Lease, path: string, { kind, bytes }: FileEntry): Promise<Download> {
  if (kind === "folder") throw new ProvisioningError("file_failed", `${plainText(path)} is a folder`);
  // A pipe or device may never end, or never begin.
  if (kind !== "file") throw new ProvisioningError("file_failed", `${plainText(path)} is neither a file nor a folder`);
  return { stream: await lease.channel.files().read(path), bytes: bytes > 0 ? bytes : undefined };
}

/** What cannot be read is named before anything is sent: an archive that breaks off says nothing. */
async function packFolder(lease: Lease, path: string): Promise<Readable> {
  await checkReadable(lease, path);
  const tar = await lease.channel.open(`exec ${shellWords(["tar", "-C", shellPath(path), "-cf", "-", "."])}`);
  tar.stdin.end();
  return endingWith(tar);
}

async function checkReadable({ channel }: Lease, path: string): Promise<void> {
  const unreadable = "( -type f ! -readable -o -type d ( ! -readable -o ! -executable ) )".split(" ");
  const find = shellWords(["find", ".", ...unreadable, "-print0", "-prune"]);
  const { stdout } = await channel.run(`cd -- ${shellWords([shellPath(path)])} && ${find} 2>/dev/null | head -zn ${MOST_NAMED + 1}`, {
    maximumOutput: (MOST_NAMED + 1) * 4100,
    signal: AbortSignal.timeout(LONGEST_LOOK),
  });
  const names = stdout.split("\0").filter((name) => name !== "");
  if (names.length === 0) return;
  const named = names.slice(0, MOST_NAMED).map((name) => plainText(name.replace(/^\.\//, ""), 200));
  const more = names.length > MOST_NAMED ? " and others" : "";
  throw new ProvisioningError("file_failed", `${plainText(path)} has what its own programs cannot read: ${named.join(", ")}${more}`);
}

/** A process's output that ends well only when the process does. */
function endingWith(process: ChannelProcess): Readable {
  const said = collectSaid(process.stderr);
  const output = async function* () {
    try {
      for await (const data of process.stdout) yield data;
      checkExit((await process.exited).exit, said());
    } finally {
      process.close();
    }
  };
  const stream = Readable.from(output(), { objectMode: false });
  // A stream that is left before its first read never enters the function above.
  whenFinished(stream, () => process.close());
  return stream;
}

async function unpackFolder(lease: Lease, path: string, content: Readable): Promise<void> {
  const folder = shellWords([shellPath(path)]);
  const tar = await lease.channel.open(`mkdir -p -- ${folder} && exec tar -C ${folder} --no-same-owner -xpf -`);
  const said = collectSaid(tar.stderr);
  tar.stdout.resume();
  try {
    // tar may end before it has read all; then its own words say why, not the broken pipe
    const fed = pour(content, tar.stdin).then(() => tar.exited);
    checkExit((await Promise.race([tar.exited, fed])).exit, said());
  } finally {
    tar.close();
  }
}

function checkExit(exit: number, said: string): void {
  if (exit !== 0) throw new ProvisioningError("file_failed", `tar ended with ${exit}: ${plainText(said.trim(), 300)}`);
}

/** Like a pipeline, but one that leaves `content` alive when `to` fails: it is a request whose answer is still to be sent. */
async function pour(content: Readable, to: Writable): Promise<void> {
  content.pipe(to);
  try {
    const written = finished(to, { readable: false });
    // what ends too early is an aborted upload
    const read = finished(content, { writable: false }).then(() => written);
    await Promise.race([written, read]);
  } catch (error) {
    to.destroy();
    throw error;
  } finally {
    content.unpipe(to);
  }
}

/** Keeps the beginning of what is said, and reads on so that nothing is held up. */
function collectSaid(stream: Readable): () => string {
  let said = "";
  stream.on("data", (data: Buffer) => {
    if (said.length < MOST_SAID) said += data.toString("utf8");
  });
  return () => said;
}

/** What is replaced keeps its mode. */
async function modeOf(lease: Lease, path: string, newMode: number): Promise<number> {
  const facts = await lease.channel
    .files()
    .stat(path)
    .catch(() => undefined);
  return facts?.kind === "file" ? facts.mode : newMode & 0o777;
}

/** For programs that start in the home: below it, and never an option. */
function shellPath(path: string): string {
  if (path.includes("\0")) throw new ProvisioningError("file_failed", "a path contains a NUL");
  if (path.startsWith("/")) return path;
  return path === "~" ? "." : `./${path.replace(/^~\//, "")}`;
}

async function once<T>(openChannel: OpenChannel, act: (lease: Lease) => Promise<T>): Promise<T> {
  const lease = await openChannel();
  try {
    return await act(lease);
  } finally {
    lease.release();
  }
}

/** The lease is let go at once when the act fails; else the act's result lets it go. */
async function withLease<T>(openChannel: OpenChannel, act: (lease: Lease) => Promise<T>): Promise<T> {
  const lease = await openChannel();
  try {
    return await act(lease);
  } catch (error) {
    lease.release();
    throw error;
  }
}
