import type { PackageManagerName } from "@guise/contract";
import { parse } from "yaml";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import type { MarkerFacts } from "../python-marker.ts";
import { isTable, textsIn } from "../tables.ts";
import { CONDA_NAMES, SAME_IN_PIP } from "./conda-names.ts";
import { fits } from "./pyproject.ts";
import { readRequirement } from "./requirements.ts";

const LONGEST = 64 * 1024;

/** conda's environment.yml: name, channels, dependencies, and what it has pip install. */
export function readConda(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void {
  const reason = unreadable(file.content);
  if (reason !== undefined) return void desk.refuse({ file: file.name, text: file.name }, reason);
  const whole: unknown = parse(file.content, { maxAliasCount: 0, uniqueKeys: false, logLevel: "error" });
  if (!isTable(whole)) return void desk.refuse({ file: file.name, text: file.name }, "has no dependencies");
  if (typeof whole.name === "string") desk.name ??= whole.name;
  const channels = textsIn(whole.channels);
  const isUsual = channels.every((channel) => /^(?:defaults|conda-forge|bioconda|nodefaults|pytorch)$/.test(channel));
  if (channels.length > 0 && !isUsual)
    desk.refuse(
      { file: file.name, text: `channels: ${channels.join(", ")}` },
      "packages come from this installation's mirrors of Debian, Python and npm",
    );
  for (const item of Array.isArray(whole.dependencies) ? whole.dependencies : []) {
    if (typeof item === "string") readSpec(desk, { file: file.name, text: item }, item, facts);
    else if (isTable(item)) for (const text of textsIn(item.pip)) readPip(desk, { file: file.name, text }, facts);
  }
  if (isTable(whole.variables))
    for (const [name, value] of Object.entries(whole.variables))
      desk.variable({ file: file.name, text: `${name}=${String(value)}` }, name, value);
}

/** What the reader of YAML takes long for, and no list has. */
function unreadable(content: string): string | undefined {
  if (content.length > LONGEST) return `is longer than ${LONGEST / 1024} KiB`;
  if (/(?:^|[\s[{,:-])[&*][A-Za-z]/m.test(content)) return "has anchors, which are not read; write their values out";
  return /[[{]{9}|(?:[[{]\s?){20}|(?:\w:\s){20}/.test(content) ? "is nested too deeply" : undefined;
}

function readPip(desk: ImportDesk, place: Place, facts: MarkerFacts): void {
  if (place.text.startsWith("-"))
    return void desk.refuse(place, "an option of pip: import the file that it names, or leave it to this installation");
  readRequirement(desk, place, place.text, facts);
}

/** "conda-forge::numpy>=1.26,<2", "numpy=1.26=py39_0", "numpy 1.26.*" */
function readSpec(desk: ImportDesk, place: Place, spec: string, facts: MarkerFacts): void {
  const [, name = "", rest = ""] = /^(?:[\w./-]{1,100}::)?([A-Za-z0-9_][A-Za-z0-9._-]{0,99})\s{0,9}(.{0,200})$/.exec(spec.trim()) ?? [];
  if (name === "") return void desk.refuse(place, "is no name of a package with a version");
  const conditions = conditionsOf(rest.trim());
  if (conditions === undefined)
    return void desk.refuse(place, "its version is written in a way that is not read here; write pip:NAME with it");
  if (name === "python") {
    if (conditions === "" || fits(conditions.replace(/\.\*$/, ""), facts.python))
      return void desk.has(place, `Python ${facts.python} is there`);
    return void desk.refuse(place, `Python is ${facts.python} here`);
  }
  const lower = name.toLowerCase();
  const mapped =
    (Object.hasOwn(CONDA_NAMES, lower) ? CONDA_NAMES[lower] : undefined) ??
    (lower.startsWith("r-") ? `apt:r-cran-${lower.slice(2)}` : undefined);
  if (mapped === "") return void desk.has(place, "a part of every workspace, or comes along where it is needed");
  if (mapped !== undefined && !mapped.startsWith("pip:")) {
    const note = conditions === "" ? `is ${mapped} here` : `is ${mapped} here, in the version that the distribution has`;
    const [manager = "", argument] = mapped.split(":");
    if (argument === undefined) desk.application(place, mapped, note);
    else desk.package(place, manager as PackageManagerName, argument, note);
    return;
  }
  if (mapped === undefined && !SAME_IN_PIP.has(lower))
    return void desk.refuse(
      place,
      `whether another index has ${name} is not known here; where it is the same in Python's, write pip:${name}`,
    );
  const own = mapped?.slice(4) ?? lower;
  const how = [
    own === lower ? "from Python's index" : `is ${own} in Python's index`,
    ...(conditions === rest.trim() ? [] : [`version written as ${conditions || "any"}`]),
  ];
  desk.package(place, "pip", `${own}${conditions}`, how.join("; "));
}

/** conda's "=1.26" means any of 1.26; a build after it says nothing outside conda. Undefined where that is no condition. */
function conditionsOf(rest: string): string | undefined {
  if (rest === "" || /^=?\*$/.test(rest)) return "";
  const [, sign = "", version = ""] = /^(==?)?\s{0,9}(\d[A-Za-z0-9.]{0,50}(?:\.?\*)?)(?:(?:=|\s{1,9})[\w.*]{1,50})?$/.exec(rest) ?? [];
  if (version !== "") return sign === "==" || / |=/.test(rest.slice(sign.length)) ? `==${version}` : `==${version.replace(/\.?\*$/, "")}.*`;
  const text = rest.replace(/\s/g, "");
  return /^[<>!=~]=?\d[^|=]{0,50}(?:,[<>!=~]=?\d[^|=]{0,50})*$/.test(text) ? text : undefined;
}
