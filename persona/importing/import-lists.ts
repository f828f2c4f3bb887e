import {
  BASE_NAMES,
  BASES,
  type BaseName,
  type Bases,
  type ImportRow,
  MAXIMUM_APPLICATIONS,
  MAXIMUM_LIST_LENGTH,
  type PersonaDefinition,
  plainText,
  WORKSPACE_ID_PATTERN,
} from "@guise/contract";
import type { Catalog } from "#applications";
import { ImportDesk, type ListFile, ListTooLong } from "./import-desk.ts";
import { insteadOf, LIST_KINDS } from "./list-kinds.ts";

export interface Imported {
  /** A draft that can be published, where anything was carried. */
  readonly definition: PersonaDefinition | undefined;
  readonly rows: readonly ImportRow[];
  /** Names of files that the lists name and that were not given. */
  readonly wanted: readonly string[];
}

export interface ImportContext {
  readonly catalog: Catalog;
  readonly bases: Bases;
}

/** Makes a draft of a persona of lists that people have. `files`: the lists, and those that they name; `wanted`: the names of the lists themselves. Pure. */
export function importLists(files: readonly ListFile[], wanted: readonly string[], context: ImportContext): Imported {
  const [first] = BASE_NAMES;
  const standard = context.bases.standard ?? first;
  const desk = deskWith(files, wanted, context, standard);
  // Conditions of every line are judged by the Python that one of them may have chosen.
  const read = desk.chosenBase === undefined ? desk : deskWith(files, wanted, context, desk.chosenBase);
  const { rows, applications } = read;
  const isTooMuch = applications.length > MAXIMUM_APPLICATIONS;
  if (isTooMuch) rows.unshift(tooMany(read, wanted));
  const isDraft = applications.length > 0 && !isTooMuch;
  return { definition: isDraft ? draftOf(read) : undefined, rows, wanted: read.absent };
}

/** Every line of the lists laid down, as it is to be with this base. */
function deskWith(files: readonly ListFile[], wanted: readonly string[], { catalog, bases }: ImportContext, base: BaseName): ImportDesk {
  const standard = bases.standard ?? base;
  const here = bases.here.length === 0 ? [standard] : bases.here;
  const long = new Set(files.filter(({ content }) => content.length > MAXIMUM_LIST_LENGTH).map(({ name }) => name));
  const short = files.filter(({ name }) => !long.has(name));
  const desk = new ImportDesk(catalog, { here, standard, base }, short);
  for (const name of long) desk.refuse({ file: name, text: name }, `is longer than ${MAXIMUM_LIST_LENGTH / 1024} KiB: split it`);
  try {
    for (const name of wanted) if (!long.has(name)) readList(desk, name);
  } catch (error) {
    if (!(error instanceof ListTooLong)) throw error;
    const { file, line } = desk.rows.at(-1) ?? { file: "" };
    desk.rows.push({ file, line, text: file, outcome: "not_carried", why: `${error.message}; the rest was not read: split it` });
  }
  return desk;
}

function readList(desk: ImportDesk, name: string): void {
  const base = name.split("/").at(-1) ?? name;
  const before = desk.rows.length;
  const kind = LIST_KINDS.find(({ files }) => files.test(base));
  const place = { file: name, text: base };
  if (kind === undefined) return void desk.refuse(place, insteadOf(base));
  const file = desk.open(name);
  // Another list named it first.
  if (file === "again") return;
  if (file === undefined) return void desk.refuse(place, "was not given: import it as well");
  const [hidden] = /[\0\uFFFD]/.exec(file.content) ?? [];
  if (hidden !== undefined) return void desk.refuse(place, "is no text in UTF-8: save it so");
  try {
    kind.read(desk, file, { python: BASES[desk.bases.base].python });
    if (desk.rows.length === before) desk.refuse(place, "names nothing that is read here");
  } catch (error) {
    if (error instanceof ListTooLong) throw error;
    desk.refuse(place, `cannot be read as ${kind.name}: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : ""}`);
  }
}

function draftOf({ name: called, applications, chosenBase, runtimes, variables, resources }: ImportDesk): PersonaDefinition {
  const name = plainText(called ?? "", 90).trim() || "Imported";
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, "");
  const words = plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .split("-")
    .filter(Boolean);
  while (words.length > 0 && !/^[a-z]/.test(words[0] ?? "")) words.shift();
  const id = words.join("-");
  return {
    persona_id: id === "" || WORKSPACE_ID_PATTERN.test(id) ? "imported" : id,
    persona_name: name,
    required_applications: [...applications],
    ...(chosenBase === undefined ? {} : { base: chosenBase }),
    ...(runtimes === undefined ? {} : { runtimes }),
    ...(Object.keys(variables).length === 0 ? {} : { application_configuration: { variables } }),
    resource_requirements: { cpu: "1", ram: "2Gi", storage: "10Gi", network_bandwidth: "20Mbit", ...resources },
  };
}

function tooMany({ applications }: ImportDesk, [file = ""]: readonly string[]): ImportRow {
  const why = `a persona has ${MAXIMUM_APPLICATIONS} at most: split the list`;
  return { file, text: `${applications.length} packages`, outcome: "not_carried", why };
}
