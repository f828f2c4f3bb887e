import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { formatBytes, MAXIMUM_PREFERRED_BYTES, MAXIMUM_PREFERRED_FILES, type Preferences } from "@guise/contract";
import { UsageError } from "../usage-error.ts";

type PreferredFiles = NonNullable<Preferences["files"]>;

/** Repositories' own. */
const LEFT_OUT = new Set([".git", ".hg", ".svn"]);

/** The text files at a path of this machine, by the paths that they get below a workspace's home: `target` for a file, below it for a folder's. */
export async function filesToPrefer(path: string, target: string): Promise<PreferredFiles> {
  const files: [string, PreferredFiles[string]][] = [];
  for await (const found of filesIn(path)) {
    if (files.length === MAXIMUM_PREFERRED_FILES)
      throw new UsageError(`${path} has more than ${MAXIMUM_PREFERRED_FILES} files`, "name those that you want in every workspace");
    const below = relative(path, found).split(sep).join("/");
    files.push([`~/${[target, below].filter((part) => part !== "").join("/")}`, await textOf(found)]);
  }
  return Object.fromEntries(files);
}

/** Where a path of this machine lies below a home, without `~/`; undefined where it does not. */
export function belowHome(path: string, home: string): string | undefined {
  const below = relative(home, path).split(sep).join("/");
  return below === ".." || below.startsWith("../") || below.startsWith("/") ? undefined : below;
}

/** Links are not followed: they could lead to what nobody meant. */
async function* filesIn(path: string): AsyncGenerator<string> {
  const facts = await lstat(path).catch((error: NodeJS.ErrnoException) => unreadable(path, error));
  if (facts.isFile()) yield path;
  else if (facts.isDirectory()) {
    for (const name of (await readdir(path)).sort()) if (!LEFT_OUT.has(name)) yield* filesIn(join(path, name));
  } else throw new UsageError(`${path} is no plain file`, "the file itself, where it is a link");
}

async function textOf(path: string): Promise<PreferredFiles[string]> {
  const { mode, size } = await lstat(path);
  if (size > MAXIMUM_PREFERRED_BYTES)
    throw new UsageError(
      `${path} is larger than ${formatBytes(MAXIMUM_PREFERRED_BYTES)}`,
      "name those files that you want in every workspace",
    );
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => unreadable(path, error));
  try {
    const content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { content, ...((mode & 0o100) === 0 ? {} : { executable: true }) };
  } catch {
    throw new UsageError(`${path} is no text in UTF-8`, "text files alone are kept");
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): never {
  throw new UsageError(`${path} cannot be read: ${error.code ?? error.message}`, "guise preferences add-file ~/.vimrc");
}
