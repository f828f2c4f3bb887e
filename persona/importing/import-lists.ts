import type { ImportRow, PersonaDefinition } from "@guise/contract";
import type { Catalog } from "#applications";
import { ImportDesk, type ListFile } from "./import-desk.ts";
import { LIST_KINDS } from "./list-kinds.ts";

/** The Python of the workspaces' base, by which conditions of lists are judged. */
const PYTHON = "3.11";
const MOST_APPLICATIONS = 300;
/** Rows that are told; of a list of thousands the rest is counted. */
const MOST_ROWS = 5_000;

export interface Imported {
  /** A draft that can be published, where anything was carried. */
  readonly definition: PersonaDefinition | undefined;
  readonly rows: readonly ImportRow[];
  /** Names of files that the lists name and that were not given. */
  readonly wanted: readonly string[];
}

/** Makes a draft of a persona of lists that people have. `files`: the lists, and those that they name; `wanted`: the names of the lists themselves. Pure. */
export function importLists(files: readonly ListFile[], wanted: readonly string[], catalog: Catalog): Imported {
  const desk = new ImportDesk(catalog, files);
  for (const name of wanted) readList(desk, name);
  const rows = desk.rows.length > MOST_ROWS ? [...desk.rows.slice(0, MOST_ROWS), more(desk.rows, wanted)] : desk.rows;
  const applications = desk.applications.slice(0, MOST_APPLICATIONS);
  if (applications.length < desk.applications.length) return { definition: undefined, rows: [tooMany(desk, wanted)], wanted: [] };
  return { definition: applications.length === 0 ? undefined : draftOf(desk), rows, wanted: desk.absent };
}

function readList(desk: ImportDesk, name: string): void {
  const base = name.split("/").at(-1) ?? name;
  const kind = LIST_KINDS.find(({ files }) => files.test(base));
  const place = { file: name, text: base };
  if (kind === undefined)
    return void desk.refuse(place, `is no list that is known here: ${LIST_KINDS.map((known) => known.name).join(", ")}`);
  const file = desk.open(name);
  // Another list named it first.
  if (file === "again") return;
  if (file === undefined) return void desk.refuse(place, "was not given");
  try {
    kind.read(desk, file, { python: PYTHON });
  } catch (error) {
    desk.refuse(place, `cannot be read as ${kind.name}: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : ""}`);
  }
}

function draftOf({ name = "imported", applications, variables }: ImportDesk): PersonaDefinition {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-$/g, "")
    .slice(0, 60)
    .replace(/-$/, "");
  return {
    persona_id: id === "" ? "imported" : id,
    persona_name: name.slice(0, 100),
    required_applications: applications,
    ...(Object.keys(variables).length === 0 ? {} : { application_configuration: { variables } }),
    resource_requirements: { cpu: "1", ram: "2Gi", storage: "10Gi", network_bandwidth: "20Mbit" },
  };
}

function more(rows: readonly ImportRow[], [file = ""]: readonly string[]): ImportRow {
  const left = rows.slice(MOST_ROWS);
  const count = (outcome: string) => left.filter((row) => row.outcome === outcome).length;
  const text = `${left.length} more lines`;
  return {
    file,
    text,
    outcome: "changed",
    why: `${count("carried")} carried, ${count("changed")} changed, ${count("not_carried")} not carried`,
  };
}

function tooMany({ applications }: ImportDesk, [file = ""]: readonly string[]): ImportRow {
  const why = `a persona has ${MOST_APPLICATIONS} at most; split the list`;
  return { file, text: `${applications.length} packages`, outcome: "not_carried", why };
}
