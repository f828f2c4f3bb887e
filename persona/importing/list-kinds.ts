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

/** What people hand in beside: what to hand in instead. */
const INSTEAD: readonly (readonly [files: RegExp, instead: string])[] = [
  [/^setup\.(?:py|cfg)$/, "is read by setuptools alone: write what install_requires names into requirements.txt, and import that"],
  [/^Pipfile(?:\.lock)?$/, "run pipenv requirements > requirements.txt, and import that"],
  [/^(?:poetry|uv|pdm)\.lock$/, "import the pyproject.toml beside it"],
  [/^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/, "import the package.json beside it"],
  [/^(?:pixi\.(?:toml|lock)|conda-lock\.ya?ml|meta\.ya?ml)$/, "run conda env export --from-history > environment.yml, and import that"],
  [/^(?:renv\.lock|DESCRIPTION|install\.R)$/, "write its packages into apt.txt, one a line, as r-cran-NAME, and import that"],
  [
    /(?:^|\.)[Dd]ockerfile$|^(?:docker-)?compose.{0,40}\.ya?ml$/,
    "is no list: write the packages that it installs into apt.txt or requirements.txt, and import that",
  ],
  [
    /^(?:Gemfile|go\.mod|Cargo\.toml|composer\.json)(?:\.lock)?$/,
    "its packages are installed in the workspace: import a .tool-versions with its language",
  ],
];

/** Why a file is not read. */
export function insteadOf(file: string): string {
  const [, instead] = INSTEAD.find(([files]) => files.test(file)) ?? [];
  return instead ?? `is no list that is known here; known are ${LIST_KINDS.map(({ name }) => name).join(", ")}`;
}
