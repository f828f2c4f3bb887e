import { dirname, join, normalize } from "node:path/posix";
import type { ImportDesk, Place } from "../import-desk.ts";
import type { MarkerFacts } from "../python-marker.ts";
import { readPackage } from "./apt-list.ts";
import { readPackageJson } from "./package-json.ts";
import { readRequirement, readRequirements } from "./requirements.ts";

/** Commands that set a project up, where they do nothing but install; each of them by itself. */
export function readCommands(desk: ImportDesk, place: Place, command: string, facts: MarkerFacts): void {
  for (const text of command.split(/&&|;|\n/).map((part) => part.trim())) if (text !== "") readCommand(desk, { ...place, text }, facts);
}

function readCommand(desk: ImportDesk, place: Place, facts: MarkerFacts): void {
  const words = place.text
    .replace(/^sudo\s+/, "")
    .split(/\s+/)
    .map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
  const text = words.join(" ");
  const named = (from: number) => words.slice(from).filter((word) => !word.startsWith("-"));
  if (/^apt(?:-get)? (?:-\S+ )?update/.test(text)) return void desk.has(place, "package lists are always fresh");
  const apt = /^apt(?:-get)? (?:-\S+ )?install /.exec(text);
  if (apt !== null) return void named(words.indexOf("install") + 1).forEach((word) => void readPackage(desk, { ...place, text: word }));
  const pip = words.indexOf("install");
  if (/^(?:pip3?|uv pip|python3? -m pip) install /.test(text)) return void readPip(desk, place, words.slice(pip + 1), facts);
  if (/^npm (?:install|i|ci)$|^(?:yarn|pnpm)(?: install)?$/.test(text))
    return void include(desk, place, "package.json", (file) => readPackageJson(desk, file));
  if (/^npm (?:install|i) (?:-g|--global) /.test(text))
    return void named(2).forEach((word) => void desk.package({ ...place, text: word }, "npm", word));
  desk.refuse(place, "a command: run it in the workspace");
}

function readPip(desk: ImportDesk, place: Place, words: readonly string[], facts: MarkerFacts): void {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "-r" || word === "--requirement") {
      at++;
      include(desk, place, words[at] ?? "", (file) => readRequirements(desk, file, facts));
    } else if (word === "-e" || word === "--editable") {
      at++;
      desk.refuse({ ...place, text: `${word} ${words[at] ?? ""}` }, "a project of your own: install it in the workspace");
    } else if (!word.startsWith("-")) readRequirement(desk, { ...place, text: word }, word, facts);
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
  read(file);
}
