import type { DocumentPath } from "../documents/list-document.ts";
import { readYaml } from "../documents/yaml-document.ts";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { uncommented } from "../lines.ts";
import type { MarkerFacts } from "../python-marker.ts";
import { readNode, readPython } from "../runtimes.ts";
import { isTable, textsIn } from "../tables.ts";
import { condaName, reasonForNothing } from "./conda-names.ts";
import { fits } from "./python-versions.ts";
import { optionReason, readRequirement } from "./requirement.ts";
import { readNamedRequirements } from "./requirements.ts";

const LONGEST = 64 * 1024;
const NO_PACKAGE = "no package with a version: write it as numpy or numpy=1.26";

/** conda's environment.yml: name, channels, dependencies, and what it has pip install. */
export function readConda(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void {
  const reason = unreadable(file.content);
  if (reason !== undefined) return void desk.refuse({ file: file.name, text: file.name }, reason);
  const { whole, lineOf } = readYaml(file);
  const place = (text: string, ...path: DocumentPath) => ({ file: file.name, line: lineOf(...path), text });
  if (typeof whole.name === "string") desk.name ??= whole.name;
  const channels = textsIn(whole.channels);
  const isUsual = channels.every((channel) => /^(?:defaults|conda-forge|bioconda|nodefaults|pytorch)$/.test(channel));
  if (channels.length > 0 && !isUsual)
    desk.refuse(place(`channels: ${channels.join(", ")}`, "channels"), "nothing to do: packages come from this installation's own mirrors");
  for (const [index, item] of (Array.isArray(whole.dependencies) ? whole.dependencies : []).entries()) {
    if (typeof item === "string") readSpec(desk, place(item, "dependencies", index), item);
    else if (!isTable(item) || !Array.isArray(item.pip)) desk.refuse(place(JSON.stringify(item), "dependencies", index), NO_PACKAGE);
    else
      for (const [at, text] of item.pip.entries()) {
        const line = place(String(text), "dependencies", index, "pip", at);
        if (typeof text === "string") readPip(desk, line, facts);
        else desk.refuse(line, NO_PACKAGE);
      }
  }
  if (isTable(whole.variables))
    for (const [name, value] of Object.entries(whole.variables))
      desk.variable(place(`${name}=${String(value)}`, "variables", name), name, value);
}

/** What the reader of YAML takes long for, and no list has. */
function unreadable(content: string): string | undefined {
  if (content.length > LONGEST) return `is longer than ${LONGEST / 1024} KiB`;
  if (/(?:^|[\s[{,:-])[&*][A-Za-z]/m.test(content)) return "has anchors, which are not read; write their values out";
  return /[[{]{9}|(?:[[{]\s?){20}|(?:\w:\s){20}/.test(content) ? "is nested too deeply" : undefined;
}

function readPip(desk: ImportDesk, place: Place, facts: MarkerFacts): void {
  const text = uncommented(place.text);
  const [, path] = /^(?:-r|--requirement)[ =]?\s{0,9}(\S{1,300})$/.exec(text) ?? [];
  if (path !== undefined) readNamedRequirements(desk, place, path, facts);
  else if (text.startsWith("-")) desk.refuse(place, optionReason(text));
  else if (text !== "") readRequirement(desk, place, text, facts);
}

/** "conda-forge::numpy>=1.26,<2", "numpy=1.26=py39_0", "numpy 1.26.*", "numpy[version='>=1.20']" */
export function readSpec(desk: ImportDesk, place: Place, spec: string): void {
  const plain = spec.trim().replace(/\[version=["']([^"']{0,200})["']\]$/, " $1");
  const [, written = "", rest = ""] = /^(?:[\w./-]{1,100}::)?([A-Za-z0-9_][A-Za-z0-9._-]{0,99})((?:[\s=<>!~].{0,200})?)$/.exec(plain) ?? [];
  if (written === "") return void desk.refuse(place, NO_PACKAGE);
  const name = written.toLowerCase();
  const conditions = conditionsOf(rest.trim());
  if (name === "python") {
    const wanted = conditions?.replace(/\.\*$/, "");
    return void readPython(desk, place, (python) => wanted !== undefined && fits(wanted, python));
  }
  if (name === "nodejs") return void readNode(desk, place, conditions ?? "");
  const nothing = reasonForNothing(name);
  if (nothing !== undefined) return void desk.refuse(place, nothing);
  const mapped = condaName(name);
  if (mapped === undefined)
    return void desk.refuse(
      place,
      `not known by this name here: write pip:${name} where Python's index has it, apt:${name} where Debian has`,
    );
  if (mapped === "") return void desk.has(place, "there anyway, or comes with what needs it");
  const [manager = "", argument = ""] = mapped.split(":");
  if (manager !== "pip") {
    const from = argument === "" ? "the catalog's application" : "from Debian";
    return void desk.application(place, mapped, conditions === "" ? from : `${from}, in its version`);
  }
  if (conditions === undefined)
    return void desk.refuse(
      place,
      `its version is written as only conda reads it: write pip:${argument} with one, as pip:${argument}==1.2.*`,
    );
  desk.package(place, "pip", `${argument}${conditions}`, argument === name ? "from Python's index" : "its name in Python's index");
}

/** conda's "=1.26" means any of 1.26; a build after it says nothing outside conda. Undefined where that is no condition. */
function conditionsOf(rest: string): string | undefined {
  if (rest === "" || /^=?\*$/.test(rest)) return "";
  const [, sign = "", version = ""] = /^(==?)?\s{0,9}(\d[A-Za-z0-9.]{0,50}(?:\.?\*)?)(?:(?:=|\s{1,9})[\w.*]{1,50})?$/.exec(rest) ?? [];
  if (version !== "") return sign === "==" || / |=/.test(rest.slice(sign.length)) ? `==${version}` : `==${version.replace(/\.?\*$/, "")}.*`;
  // A build behind a condition, as in ">=3.9=nompi*", says nothing outside conda either.
  const text = rest.replace(/\s/g, "").replace(/(\d)=[a-z*][\w.*]{0,50}$/, "$1");
  return /^[<>!=~]=?\d[^|=]{0,50}(?:,[<>!=~]=?\d[^|=]{0,50})*$/.test(text) ? text : undefined;
}
