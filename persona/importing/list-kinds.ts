import type { ImportDesk, ListFile } from "./import-desk.ts";
import { readAptList } from "./lists/apt-list.ts";
import { readConda } from "./lists/conda.ts";
import { readDevcontainer } from "./lists/devcontainer.ts";
import { readPackageJson } from "./lists/package-json.ts";
import { readPyproject } from "./lists/pyproject.ts";
import { readRequirements } from "./lists/requirements.ts";
import { readToolVersions } from "./lists/tool-versions.ts";
import type { MarkerFacts } from "./python-marker.ts";

/** A kind of list that people have; adding one is adding its file and its line. */
export interface ListKind {
  /** As people know it. */
  readonly name: string;
  /** Matches the last part of a path. */
  readonly files: RegExp;
  read(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void;
}

export const LIST_KINDS: readonly ListKind[] = [
  { name: "apt.txt", files: /^(?:.*-)?(?:apt|packages)\.txt$/, read: readAptList },
  { name: "Aptfile", files: /^Aptfile$/, read: readAptList },
  {
    name: "requirements.txt",
    files: /^[^/]{0,80}\.(?:in|pip)$|^(?:[^/]{0,60}[-_.])?(?:requirements?|constraints?)(?:[-_.][^/]{0,60})?\.txt$/i,
    read: readRequirements,
  },
  { name: "pyproject.toml", files: /^pyproject\.toml$/, read: readPyproject },
  { name: "environment.yml", files: /^(?:conda[^/]*|env[^/]*)\.ya?ml$/, read: readConda },
  { name: "package.json", files: /^package\.json$/, read: readPackageJson },
  { name: "devcontainer.json", files: /^\.?devcontainer\.json$/, read: readDevcontainer },
  { name: ".tool-versions", files: /^\.tool-versions$/, read: readToolVersions },
];
