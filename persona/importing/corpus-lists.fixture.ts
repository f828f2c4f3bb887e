import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { CheckContext } from "../checking.ts";
import { type Imported, importLists } from "./import-lists.ts";

export const CORPUS = join(import.meta.dirname, "corpus");
/** What is told of a folder's lists; written anew by `-u`, and read line by line before it is kept. */
export const TOLD = "told.txt";

/** What is handed in of each folder: the first word of its name says of what kind. */
const HANDED_IN: Readonly<Record<string, readonly string[]>> = {
  python: ["requirements.txt", "requirements-dev.txt", "pyproject.toml", "setup.py"],
  npm: ["package.json"],
  apt: ["apt.txt", "packages.txt", "Aptfile"],
  conda: ["environment.yml", "environment.yaml"],
  devcontainer: [".devcontainer/devcontainer.json"],
  tool: [".tool-versions"],
  mixed: ["environment.yml", "requirements.txt", "apt.txt", "setup.cfg", "Pipfile", "Dockerfile"],
};

/** One folder of lists as somebody has them, each. */
export const FOLDERS = readdirSync(CORPUS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

function filesIn(folder: string) {
  const entries = readdirSync(join(CORPUS, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map((entry) => relative(join(CORPUS, folder), join(entry.parentPath, entry.name)));
  return names.filter((name) => name !== TOLD).map((name) => ({ name, content: readFileSync(join(CORPUS, folder, name), "utf8") }));
}

/** Names of the lists that are handed in; what they name lies beside them. */
export function listsOf(folder: string): readonly string[] {
  const names = filesIn(folder).map(({ name }) => name);
  return HANDED_IN[folder.split("-")[0] ?? ""]?.filter((name) => names.includes(name)) ?? [];
}

export function importFolder(folder: string, { catalog, installation }: CheckContext): Imported {
  return importLists(filesIn(folder), listsOf(folder), { catalog, bases: installation.bases });
}
