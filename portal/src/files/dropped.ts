import { AgentError } from "@guise/agent";
import type { Place } from "./paths.ts";

/** What was dropped, each with the folder that it lies in, from where it was dropped. */
export interface Dropped {
  readonly files: readonly { readonly place: Place; readonly file: File }[];
  /** Folders with nothing in them: the others come with their files. */
  readonly empty: readonly Place[];
}

/** More is faster as an archive, and a browser's page is no place for it. */
const MOST = 10_000;

/** Reads all below what was dropped. To be called in the event itself: afterwards the browser has forgotten it. */
export function readDropped(items: Iterable<Pick<DataTransferItem, "webkitGetAsEntry" | "getAsFile">>): Promise<Dropped> {
  const roots = [...items].flatMap((item) => {
    const entry = item.webkitGetAsEntry();
    return entry === null ? [] : [entry];
  });
  return walked(roots);
}

async function walked(roots: readonly FileSystemEntry[]): Promise<Dropped> {
  const files: { place: Place; file: File }[] = [];
  const empty: Place[] = [];
  const waiting = roots.map((entry) => ({ place: [] as Place, entry }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { place, entry } = next;
    if (isFile(entry)) files.push({ place, file: await fileOf(entry) });
    else if (isFolder(entry)) {
      const inside = [...place, entry.name];
      const entries = await entriesOf(entry);
      if (entries.length === 0) empty.push(inside);
      waiting.push(...entries.map((one) => ({ place: inside, entry: one })));
    }
    if (files.length + empty.length + waiting.length > MOST)
      throw new AgentError("payload_too_large", `More than ${MOST} files were dropped; nothing was sent.`, {
        remedy: "Drop fewer at once, or pack them and unpack them in a terminal.",
      });
  }
  return { files, empty };
}

/** A browser gives them by the hundred, and says with none that there are no more. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, (error) => reject(unreadable(folder.name, error))),
    );
    if (some.length === 0) return all;
    all.push(...some);
    if (all.length > MOST) return all;
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, (error) => reject(unreadable(entry.name, error))));
}

function unreadable(name: string, cause: unknown): AgentError {
  return new AgentError("file_failed", `${name} could not be read on this machine; nothing was sent.`, {
    remedy: "Look whether you may read it, and drop it again.",
    cause,
  });
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
