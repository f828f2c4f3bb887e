import { PACKAGE_MANAGERS } from "@guise/contract";
import { readPattern } from "@guise/contract/pattern";
import { CodedError } from "#foundation";
import { type CatalogEntry, catalogEntrySchema } from "./catalog-entry.ts";
import { PACKAGE_MANAGER_RULES } from "./managers/index.ts";
import type { Setting } from "./setting.ts";
import { settingFaults } from "./setting-value.ts";

/** The known applications, in the fixed order of their image layers. */
export interface Catalog {
  readonly entries: readonly CatalogEntry[];
  readonly ids: readonly string[];
  find(application: string): CatalogEntry | undefined;
}

/** A catalog that cannot be used: `detail.problems` says which file and what. */
export class CatalogError extends CodedError<"invalid_catalog"> {
  override readonly name = "CatalogError";
}

/** One file of the catalog, as it was read. */
export interface CatalogDocument {
  readonly file: string;
  readonly document: unknown;
  /** What it takes from files beside it. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** Checks the documents and puts them in order. Throws `CatalogError` with every problem of every file. */
export function catalogOf(documents: readonly CatalogDocument[]): Catalog {
  const problems: string[] = [];
  const entries: CatalogEntry[] = [];
  for (const { file, document, texts = {} } of documents) {
    const parsed = catalogEntrySchema.safeParse(document);
    if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${file}: ${issue.path.join(".")}: ${issue.message}`));
    else {
      if (`${parsed.data.application}.json` !== file) problems.push(`${file}: application is "${parsed.data.application}"`);
      problems.push(...entryProblems(parsed.data).map((problem) => `${file}: ${problem}`));
      entries.push({ ...parsed.data, texts });
    }
  }
  problems.push(...commonProblems(entries));
  if (problems.length > 0)
    throw new CatalogError("invalid_catalog", `the catalog has errors: ${problems.join("; ")}`, { detail: { problems } });
  return catalogFrom(entries);
}

function catalogFrom(unordered: readonly CatalogEntry[]): Catalog {
  const entries = [...unordered].sort((a, b) => a.order - b.order);
  const byId = new Map(entries.map((entry) => [entry.application, entry]));
  return { entries, ids: [...byId.keys()], find: (application) => byId.get(application) };
}

function entryProblems(entry: CatalogEntry): string[] {
  const problems = wholeFileProblems(entry);
  if ((entry.kind === "web") !== (entry.web !== undefined)) problems.push("web is given for kind web, and only there");
  for (const manager of PACKAGE_MANAGERS) {
    for (const text of entry.packages[manager] ?? []) {
      const reading = PACKAGE_MANAGER_RULES[manager].read(text);
      if (reading.package?.argument !== text)
        problems.push(`packages.${manager}: "${text}" ${reading.reason ?? `is written "${reading.package?.argument}"`}`);
    }
  }
  for (const [name, setting] of Object.entries(entry.settings)) {
    if ((setting.type === "map") !== (setting.fields !== undefined)) problems.push(`settings.${name}: fields belong to a map`);
    problems.push(...patternProblems(name, setting));
    if (mayBecomeOption(setting))
      problems.push(`settings.${name}: a free text could be read as another option; put the option before {value} in one argument`);
    if (setting.default === undefined) continue;
    problems.push(...settingFaults(setting, setting.default).map(({ message }) => `settings.${name}.default: ${message}`));
  }
  return problems;
}

/** What is written whole at every start would take what somebody has there. */
function wholeFileProblems({ application, files = {} }: CatalogEntry): string[] {
  return Object.entries(files).flatMap(([path, file]) => {
    if (file.format !== "text") return [];
    const ours = `/run/guise/${application}/`;
    if (!path.startsWith(ours)) return [`files: ${path} is written whole at every start, and lies below ${ours}`];
    return file.from.startsWith(`${application}/`) ? [] : [`files: ${path} comes from ${application}/, not from ${file.from}`];
  });
}

const OPTION_LIKE = ["-", "-x", "--all", "--file=/x"];

/** An argument that begins with what an author chooses must not be able to begin with a dash. */
function mayBecomeOption({ type, enum: allowed, pattern, places }: Setting): boolean {
  const free = (type === "string" || type === "list") && allowed === undefined;
  if (!free || !places.some((place) => "arguments" in place && place.arguments.some((argument) => argument.startsWith("{value}"))))
    return false;
  if (pattern === undefined) return true;
  const matched = readPattern(pattern).pattern;
  return matched !== undefined && OPTION_LIKE.some((text) => matched.matches(text));
}

function patternProblems(name: string, { pattern, fields = {} }: Setting): string[] {
  const patterns = [
    { at: name, pattern },
    ...Object.entries(fields).map(([field, limits]) => ({ at: `${name}.fields.${field}`, ...limits })),
  ];
  return patterns.flatMap(({ at, pattern: text }) => {
    const reason = text === undefined ? undefined : readPattern(text).reason;
    return reason === undefined ? [] : [`settings.${at}.pattern: "${text}" ${reason}`];
  });
}

/** Order numbers are unique, and a file has one format and one way of being applied, whichever application writes into it. */
function commonProblems(entries: readonly CatalogEntry[]): string[] {
  const problems: string[] = [];
  const orders = new Map<number, string>();
  const files = new Map<string, string>();
  for (const entry of entries) {
    const other = orders.get(entry.order);
    if (other !== undefined) problems.push(`${entry.application} and ${other} have the same order`);
    orders.set(entry.order, entry.application);
    for (const { file, manner } of fileManners(entry)) {
      if ((files.get(file) ?? manner) !== manner)
        problems.push(`${entry.application}: ${file} is written as ${manner} and as ${files.get(file)}`);
      files.set(file, manner);
    }
  }
  return problems;
}

function fileManners(entry: CatalogEntry): { file: string; manner: string }[] {
  const shipped = Object.entries(entry.files ?? {}).map(([path, file]) => ({
    file: path,
    manner: file.format === "text" ? "text" : `${file.format}, ${file.apply}`,
  }));
  const placed = Object.values(entry.settings).flatMap((setting) =>
    setting.places.flatMap((place) => ("file" in place ? [{ file: place.file, manner: `${place.format}, ${setting.apply}` }] : [])),
  );
  return [...shipped, ...placed];
}
