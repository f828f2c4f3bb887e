import { dirname, join, normalize } from "node:path/posix";
import { type ImportDesk, ListTooLong, type Place } from "../import-desk.ts";
import type { MarkerFacts } from "../python-marker.ts";
import { readPackage } from "./apt-list.ts";
import { readPackageJson } from "./package-json.ts";
import { readRequirement } from "./requirement.ts";
import { readRequirements } from "./requirements.ts";

/** Commands that set a project up, where they do nothing but install; each of them by itself. A list of words is one command. */
export function readCommands(desk: ImportDesk, place: Place, command: string | readonly string[], facts: MarkerFacts): void {
  if (typeof command !== "string") return void readCommand(desk, { ...place, text: command.join(" ") }, command, facts);
  for (const text of command.split(/&&|\n/).map((part) => part.trim())) {
    if (text === "") continue;
    const words = wordsOf(text);
    if (words === undefined) desk.refuse({ ...place, text }, "a command: run it in the workspace");
    else readCommand(desk, { ...place, text }, words, facts);
  }
}

const SHELL_ONLY = new Set("|&;<>()$`\\#*?{}~");

/** The words of a plain command; undefined where a shell would do more with it than part it. */
function wordsOf(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (const character of text.slice(0, 5_000)) {
    if (quote !== "") {
      if (character === quote) quote = "";
      else if (quote === '"' && "$`\\".includes(character)) return undefined;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (SHELL_ONLY.has(character)) return undefined;
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return quote === "" ? words : undefined;
}

/** Options of pip and apt that take the next word. */
const WITH_VALUE =
  /^(?:-t|--target|--target-release|-i|--index-url|--extra-index-url|-f|--find-links|--prefix|--root|--python|--python-version|--platform|--only-binary|--no-binary|--upgrade-strategy|-o|-c)$/;

function namesIn(words: readonly string[]): string[] {
  return words.filter((word, at) => !word.startsWith("-") && !WITH_VALUE.test(words[at - 1] ?? ""));
}

function readCommand(desk: ImportDesk, place: Place, all: readonly string[], facts: MarkerFacts): void {
  const words = all[0] === "sudo" ? all.slice(1).filter((word, at) => at > 1 || !/^-E$|^[A-Z_]+=/.test(word)) : all;
  const text = words.join(" ");
  const after = words.slice(words.indexOf("install") + 1);
  if (/^apt(?:-get)? (?:-\S{1,20} )*update(?: |$)/.test(text)) desk.has(place, "package lists are always fresh");
  else if (/^apt(?:-get)? (?:-\S{1,20} )*install /.test(text))
    for (const name of namesIn(after)) readPackage(desk, { ...place, text: name });
  else if (/^(?:pip3?|uv pip|python3? -m pip) install /.test(text)) readPip(desk, place, after, facts);
  else if (/^pipx install /.test(text)) for (const name of namesIn(after)) desk.package({ ...place, text: name }, "pipx", name);
  else if (
    /^(?:npm (?:install|i|ci)|(?:yarn|pnpm)(?: install| i)?)(?: --?[a-z-]{1,40})*$/.test(text) &&
    !/ (?:-g|--global|--prefix)( |$)/.test(text)
  )
    include(desk, place, "package.json", (file) => readPackageJson(desk, file));
  else if (/^npm (?:install|i) (?:-g|--global) /.test(text))
    for (const name of namesIn(words.slice(2))) desk.package({ ...place, text: name }, "npm", name.replace(/@latest$/, ""));
  else desk.refuse(place, "a command: run it in the workspace");
}

function readPip(desk: ImportDesk, place: Place, words: readonly string[], facts: MarkerFacts): void {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [, attached] = /^--requirement=(.+)$/.exec(word) ?? [];
    if (attached !== undefined || word === "-r" || word === "--requirement") {
      if (attached === undefined) at++;
      include(desk, place, attached ?? words[at] ?? "", (file) => readRequirements(desk, file, facts));
    } else if (/^(?:-e|--editable|-c|--constraint)$/.test(word)) {
      at++;
      const why = word.includes("c")
        ? "limits of a command: import them as a list with -c"
        : "a project of your own: install it in the workspace";
      desk.refuse({ ...place, text: `${word} ${words[at] ?? ""}` }, why);
    } else if (WITH_VALUE.test(word)) {
      at++;
      desk.refuse({ ...place, text: `${word} ${words[at] ?? ""}` }, "an option of pip, which this installation sets by itself");
    } else if (/^(?:pip|setuptools|wheel)$/.test(word)) desk.has({ ...place, text: word }, "comes along where it is needed");
    else if (!word.startsWith("-")) readRequirement(desk, { ...place, text: word }, word, facts);
  }
}

/** The file lies where the command runs: in the project's folder, which is the list's own or the one above `.devcontainer`. */
function include(desk: ImportDesk, place: Place, path: string, read: (file: { name: string; content: string }) => void): void {
  const above = dirname(place.file).split("/.devcontainer")[0] ?? ".";
  const name = normalize(join(above === ".devcontainer" ? "." : above, path));
  const file = desk.open(name);
  if (file === undefined) return void desk.refuse(place, `${name} was not given; import it as well`);
  if (file === "again") return void desk.has(place, `${name} is read already`);
  desk.has(place, `the lines of ${name} follow`);
  try {
    read(file);
  } catch (error) {
    if (error instanceof ListTooLong) throw error;
    desk.refuse({ file: name, text: name }, `cannot be read: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : ""}`);
  }
}
