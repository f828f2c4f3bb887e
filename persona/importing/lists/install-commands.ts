import { dirname, join, normalize } from "node:path/posix";
import { type ImportDesk, type ListFile, ListTooLong, type Place } from "../import-desk.ts";
import type { MarkerFacts } from "../python-marker.ts";
import { readPackage } from "./apt-list.ts";
import { readConda, readSpec } from "./conda.ts";
import { readPackageJson } from "./package-json.ts";
import { readPyproject } from "./pyproject.ts";
import { readRequirement } from "./requirement.ts";
import { readRequirements } from "./requirements.ts";
import { commandsIn, wordsOf } from "./shell-words.ts";

/** Where a command runs, from the project's folder; undefined where that is not known. */
type Folder = string | undefined;

/** Commands that set a project up, where they do nothing but install; each of them by itself. A list of words is one command. */
export function readCommands(desk: ImportDesk, place: Place, command: string | readonly string[], facts: MarkerFacts): void {
  if (typeof command !== "string") return void readCommand(desk, { ...place, text: command.join(" ") }, command, ".", facts);
  let folder: Folder = ".";
  for (const text of commandsIn(command.replaceAll(/\$\{(?:container|local)WorkspaceFolder\}/g, "."))) {
    const at = { ...place, text };
    const words = wordsOf(text);
    if (words?.[0] === "cd" && words.length === 2) {
      folder = folder === undefined ? undefined : folderIn(folder, words[1] ?? "");
      desk.has(at, folder === undefined ? "out of the project: no file is read there" : `what follows is read in ${folder}`);
    } else {
      // Where a shell goes from here is its own: "(cd api", "cd $HOME", "pushd api".
      if (/^(?:cd|pushd|popd)\b/.test(words?.[0] ?? text) || (words === undefined && /^[({]/.test(text))) folder = undefined;
      if (words === undefined) desk.refuse(at, COMMAND);
      else readCommand(desk, at, words, folder, facts);
    }
  }
}

const COMMAND = "a command: run it in the workspace";

/** A path of the project's, or of the place where devcontainers have projects. */
function folderIn(folder: string, path: string): Folder {
  const [, within] = /^\/workspaces?\/[^/]{1,100}\/?(.{0,300})$/.exec(path) ?? [];
  const joined = normalize(within === undefined ? join(folder, path) : within || ".").replace(/\/$/, "");
  return (within === undefined && path.startsWith("/")) || joined.startsWith("..") ? undefined : joined;
}

/** Options of pip, apt and conda that take the next word. */
const WITH_VALUE =
  /^(?:-n|--name|--channel|--file|-t|--target|--target-release|-i|--index-url|--extra-index-url|-f|--find-links|--prefix|--root|--python|--python-version|--platform|--only-binary|--no-binary|--upgrade-strategy|-o|-c)$/;

function namesIn(words: readonly string[]): string[] {
  return words.filter((word, at) => !word.startsWith("-") && !WITH_VALUE.test(words[at - 1] ?? ""));
}

function readCommand(desk: ImportDesk, place: Place, all: readonly string[], folder: Folder, facts: MarkerFacts): void {
  const words = all[0] === "sudo" ? all.slice(1).filter((word, at) => at > 1 || !/^-E$|^[A-Z_]+=/.test(word)) : all;
  const text = words.join(" ");
  const after = words.slice(words.indexOf("install") + 1);
  const reading = { desk, place, folder, facts };
  if (/^apt(?:-get)? (?:-\S{1,20} )*update(?: |$)/.test(text)) desk.has(place, "package lists are always fresh");
  else if (/^apt(?:-get)? (?:-\S{1,20} )*install /.test(text))
    for (const name of namesIn(after)) readPackage(desk, { ...place, text: name });
  else if (/^(?:pip3?|uv pip|python3? -m pip) install /.test(text)) readPip(reading, after);
  else if (/^pipx install /.test(text)) for (const name of namesIn(after)) desk.package({ ...place, text: name }, "pipx", name);
  else if (/^(?:uv sync|(?:poetry|pdm) (?:install|sync))(?: |$)/.test(text)) readProject(reading);
  else if (/^(?:conda|mamba|micromamba) /.test(text)) readCondaCommand(reading, words);
  else if (
    /^(?:npm (?:install|i|ci)|(?:yarn|pnpm)(?: install| i)?)(?: --?[a-z-]{1,40})*$/.test(text) &&
    !/ (?:-g|--global|--prefix)( |$)/.test(text)
  )
    include(reading, "package.json", (file) => readPackageJson(desk, file));
  else if (/^npm (?:install|i) (?:-g|--global) /.test(text))
    for (const name of namesIn(words.slice(2))) desk.package({ ...place, text: name }, "npm", name.replace(/@latest$/, ""));
  else desk.refuse(place, COMMAND);
}

interface Reading {
  readonly desk: ImportDesk;
  readonly place: Place;
  readonly folder: Folder;
  readonly facts: MarkerFacts;
}

/** What a project needs is taken; the project itself is not there yet. */
function readProject(reading: Reading): void {
  include(reading, "pyproject.toml", (file) => readPyproject(reading.desk, file, reading.facts));
}

function readCondaCommand(reading: Reading, words: readonly string[]): void {
  const { desk, place, facts } = reading;
  const option = words.findIndex((word) => word === "-f" || word === "--file");
  if (words[1] === "env" && /^(?:update|create)$/.test(words[2] ?? ""))
    include(reading, option === -1 ? "environment.yml" : (words[option + 1] ?? ""), (file) => readConda(desk, file, facts));
  else if (words[1] === "install") for (const name of namesIn(words.slice(2))) readSpec(desk, { ...place, text: name }, name);
  else desk.refuse(place, COMMAND);
}

function readPip(reading: Reading, words: readonly string[]): void {
  const { desk, place, facts } = reading;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [, attached] = /^(?:--requirement=|-r)(.+)$/.exec(word) ?? [];
    const isEditable = /^(?:-e|--editable)$/.test(word);
    if (attached !== undefined || word === "-r" || word === "--requirement") {
      if (attached === undefined) at++;
      include(reading, attached ?? words[at] ?? "", (file) => readRequirements(desk, file, facts));
    } else if (/^\.(?:\[[\w,-]{1,100}\])?$/.test(isEditable ? (words[at + 1] ?? "") : word)) {
      if (isEditable) at++;
      readProject({ ...reading, place: { ...place, text: isEditable ? `${word} ${words[at]}` : word } });
    } else if (isEditable || /^(?:-c|--constraint)$/.test(word)) {
      at++;
      const why = isEditable
        ? "a project of your own: clone it in the workspace and install it there"
        : "limits of a command: write them into a requirements.txt";
      desk.refuse({ ...place, text: `${word} ${words[at] ?? ""}` }, why);
    } else if (WITH_VALUE.test(word)) {
      at++;
      desk.refuse({ ...place, text: `${word} ${words[at] ?? ""}` }, "an option of pip: leave it out, the build sets its own");
    } else if (/^(?:pip|setuptools|wheel)$/.test(word)) desk.has({ ...place, text: word }, "comes along where it is needed");
    else if (!word.startsWith("-")) readRequirement(desk, { ...place, text: word }, word, facts);
  }
}

/** The file lies where the command runs: in a folder of the project's, which is the list's own or the one above `.devcontainer`. */
function include({ desk, place, folder }: Reading, path: string, read: (file: ListFile) => void): void {
  const above = dirname(place.file).split("/.devcontainer")[0] ?? ".";
  const within = folder === undefined ? undefined : folderIn(folder, path);
  if (within === undefined) return void desk.refuse(place, `reads ${path} in a folder that is not known here: import that one as well`);
  const name = normalize(join(above === ".devcontainer" ? "." : above, within));
  const file = desk.open(name);
  if (file === undefined) return void desk.refuse(place, `${name} was not given: import it as well`);
  if (file === "again") return void desk.has(place, `${name} is read already`);
  desk.has(place, `the lines of ${name} follow`);
  try {
    read(file);
  } catch (error) {
    if (error instanceof ListTooLong) throw error;
    desk.refuse({ file: name, text: name }, `cannot be read: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : ""}`);
  }
}
