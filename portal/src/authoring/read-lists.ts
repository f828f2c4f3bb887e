import type { ImportedLists, ImportRequest } from "@guise/contract";

/** Bytes of one list; the broker takes no more. */
const MOST = 262_144;

export interface LookedAt {
  readonly request: ImportRequest;
  readonly imported: ImportedLists;
}

/**
 * What a person chose, read for an import. A file that the lists before name ("-r base.txt", "-c limits.txt") goes with them under that name;
 * every other is a list of its own. Rejects with a sentence what is no list by its size or content.
 */
export async function readLists(chosen: readonly File[], before?: LookedAt): Promise<ImportRequest> {
  const wanted = before?.imported.wanted ?? [];
  const read = await Promise.all(chosen.map(async (file) => ({ file: file.name, content: await textOf(file) })));
  const named = read.map(({ file, content }) => ({ file, content, name: wanted.find((name) => baseName(name) === file) }));
  const files = new Map((before?.request.files ?? []).map(({ name, content }) => [name, content]));
  for (const { file, content, name = file } of named) files.set(name, content);
  const own = named.filter(({ name }) => name === undefined).map(({ file }) => file);
  return {
    lists: [...new Set([...(before?.request.lists ?? []), ...own])],
    files: [...files].map(([name, content]) => ({ name, content })),
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function textOf(file: File): Promise<string> {
  if (file.size > MOST) throw new Error(`${file.name} is larger than 256 KiB: a list of packages is meant, not a program or data.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(`${file.name} is not text: save it as UTF-8.`);
  }
}
