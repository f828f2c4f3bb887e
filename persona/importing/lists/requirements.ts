import { dirname, join, normalize } from "node:path/posix";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { uncommented } from "../lines.ts";
import { type MarkerFacts, markerHolds } from "../python-marker.ts";

/** What pip reads: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function readRequirements(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void {
  const constraints = new Map<string, Place & { readonly conditions: string }>();
  const wanted: { readonly place: Place; readonly text: string }[] = [];
  collect(desk, file, { wanted, constraints, isConstraint: false });
  for (const { place, text } of wanted) readRequirement(desk, place, text, facts, constraints);
  for (const place of constraints.values())
    desk.refuse(place, "a limit on a package that no line asks for; what it needs is found to fit when it is built");
}

interface Collecting {
  readonly wanted: { readonly place: Place; readonly text: string }[];
  readonly constraints: Map<string, Place & { readonly conditions: string }>;
  readonly isConstraint: boolean;
}

function collect(desk: ImportDesk, file: ListFile, collecting: Collecting): void {
  for (const { line, text } of logicalLines(file.content)) {
    const place = { file: file.name, line, text };
    const other = /^(-r|--requirement|-c|--constraint)[ =]?\s*(\S{1,300})$/.exec(text);
    if (other !== null)
      include(desk, place, other[2] ?? "", { ...collecting, isConstraint: /c/.test(other[1]?.replace("--requirement", "") ?? "") });
    else if (text.startsWith("-")) desk.refuse(place, optionReason(text));
    else if (collecting.isConstraint) constrain(desk, place, collecting.constraints);
    else collecting.wanted.push({ place, text });
  }
}

function include(desk: ImportDesk, place: Place, path: string, collecting: Collecting): void {
  const name = normalize(join(dirname(place.file), path));
  const included = desk.open(name);
  if (included === undefined) desk.refuse(place, `${name} was not given; import it as well`);
  else if (included === "again") desk.refuse(place, `${name} is read already`);
  else {
    desk.has(place, "its lines follow");
    collect(desk, included, collecting);
  }
}

function constrain(desk: ImportDesk, place: Place, constraints: Collecting["constraints"]): void {
  const [, name, conditions = ""] = /^([A-Za-z0-9._-]{1,100})\s{0,9}([<>=!~][^;#]{0,200})?$/.exec(withoutHashes(place.text).text) ?? [];
  if (name === undefined) desk.refuse(place, "a limit that is no name with a version");
  else constraints.set(bare(name), { ...place, conditions: conditions.replace(/\s/g, "") });
}

/** One requirement (PEP 508) as a package, or why not. */
export function readRequirement(
  desk: ImportDesk,
  place: Place,
  written: string,
  facts: MarkerFacts,
  constraints: Collecting["constraints"] = new Map(),
): void {
  const reason = addressReason(written);
  if (reason !== undefined) return void desk.refuse(place, reason);
  const { text, hadHashes } = withoutHashes(written);
  const [requirement = "", ...marker] = text.split(";");
  const condition = marker.join(";").trim();
  const holds = condition === "" ? true : markerHolds(condition, facts);
  if (holds === undefined) return void desk.refuse(place, `the condition ${condition} is not understood`);
  if (!holds)
    return void desk.refuse(place, `only for other machines: ${condition} does not hold in a workspace (Debian, Python ${facts.python})`);
  const [, name = "", extras = "", conditions = ""] =
    /^([A-Za-z0-9._-]{1,100})\s{0,9}(\[[^\]]{0,200}\])?\s{0,9}\(?([<>=!~][^)]{0,300})?\)?$/.exec(requirement.trim()) ?? [];
  if (name === "") return void desk.refuse(place, "is no name of a package with a version");
  const limit = constraints.get(bare(name));
  constraints.delete(bare(name));
  const clauses = [conditions.replace(/\s/g, ""), limit?.conditions ?? ""].filter(Boolean).join(",");
  const exact = clauses.replaceAll("===", "==");
  const changes = [
    ...(hadHashes ? ["digests are taken from the index when it is built"] : []),
    ...(condition === "" ? [] : [`${condition} holds in every workspace`]),
    ...(limit === undefined ? [] : [`limited by ${limit.file}`]),
    ...(exact === clauses ? [] : ["=== written as =="]),
  ];
  desk.package(place, "pip", `${name}${extras.replace(/\s/g, "")}${exact}`, changes.length === 0 ? undefined : changes.join("; "));
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function withoutHashes(text: string): { readonly text: string; readonly hadHashes: boolean } {
  const at = text.indexOf("--hash");
  return at === -1 ? { text: text.trim(), hadHashes: false } : { text: text.slice(0, at).trim(), hadHashes: true };
}

function addressReason(text: string): string | undefined {
  const known = "packages come by name from this installation's index; publish it there, or install it in the workspace";
  if (/(?:^|@\s{0,9})(?:git|hg|svn|bzr)\+/.test(text)) return `from a repository: ${known}`;
  if (/:\/\//.test(text)) return `from an address: ${known}`;
  if (/^\.{0,2}\/|\.(?:whl|zip|tar\.gz|tgz)$/.test(text)) return `a file of your own: ${known}`;
  return text.includes("${") ? "from a variable, which has no value here" : undefined;
}

function optionReason(text: string): string {
  if (/^(?:-e|--editable)/.test(text)) return "a project of your own: clone it in the workspace and install it there";
  if (/^(?:-i|--index-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host)/.test(text))
    return "only the package index of this installation counts; an operator sets it";
  return "an option of pip, which this installation sets by itself";
}

/** Lines without comments, joined where a backslash ends them. */
function logicalLines(content: string): { readonly line: number; readonly text: string }[] {
  const found: { line: number; text: string }[] = [];
  let open: { line: number; text: string } | undefined;
  const lines = content.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (const [index, raw] of lines.entries()) {
    const isContinued = raw.endsWith("\\") && index < lines.length - 1;
    const text = uncommented(raw.endsWith("\\") ? raw.slice(0, -1) : raw);
    const whole = open === undefined ? { line: index + 1, text } : { line: open.line, text: `${open.text} ${text}`.trim() };
    open = isContinued ? whole : undefined;
    if (open === undefined && whole.text !== "") found.push(whole);
  }
  return found;
}
