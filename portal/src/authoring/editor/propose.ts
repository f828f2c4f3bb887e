import type { CatalogView } from "@guise/contract";
import { getLocation, parse } from "jsonc-parser";
import { isRecord } from "./draft-text.ts";

export interface Proposal {
  readonly label: string;
  /** What it is, in a few words. */
  readonly info: string | undefined;
  /** The JSON that stands there then. */
  readonly insert: string;
}

export interface Proposed {
  /** What it stands in the place of: offsets of UTF-16. */
  readonly from: number;
  readonly to: number;
  readonly proposals: readonly Proposal[];
}

type Schema = Readonly<Record<string, unknown>>;

/** What may stand at an offset of a draft, by the persona's JSON Schema and by the catalog. Pure. */
export function proposalsAt(text: string, offset: number, schema: Schema, catalog: CatalogView | undefined): Proposed {
  const { path, previousNode, isAtPropertyKey } = getLocation(text, offset);
  const within = previousNode !== undefined && offset >= previousNode.offset && offset <= previousNode.offset + previousNode.length;
  const range = within ? { from: previousNode.offset, to: previousNode.offset + previousNode.length } : wordAt(text, offset);
  if (isAtPropertyKey) {
    const taken = namesAt(text, path.slice(0, -1));
    const typed = within ? String(previousNode.value) : undefined;
    const proposals = membersOf(path.slice(0, -1), schema, catalog).filter(({ label }) => label === typed || !taken.has(label));
    const follows = /^\s*:/.test(text.slice(range.to));
    return { ...range, proposals: follows ? proposals.map((one) => ({ ...one, insert: JSON.stringify(one.label) })) : proposals };
  }
  return { ...range, proposals: valuesOf(path, schema, catalog) };
}

/** Members that an object at the place may have. */
function membersOf(path: readonly (string | number)[], schema: Schema, catalog: CatalogView | undefined): Proposal[] {
  const inside = withoutOverlay(path);
  if (inside[0] === "application_configuration" && inside.length === 2) {
    const settings = catalog?.applications.find(({ application }) => application === inside[1])?.settings ?? {};
    const named = Object.entries(settings).map(([name, { description }]) => member(name, description, undefined));
    if (named.length > 0) return named;
  }
  const found = schemaAt(inside, schema);
  const own = Object.entries(recordIn(found, "properties")).map(([name, of]) => member(name, textIn(of, "description"), of));
  if (inside.length === 1 && inside[0] === "application_configuration" && catalog !== undefined)
    return [
      ...catalog.applications.map(({ application, name }) => ({
        label: application,
        info: name,
        insert: `${JSON.stringify(application)}: {}`,
      })),
      ...own,
    ];
  return own;
}

function valuesOf(path: readonly (string | number)[], schema: Schema, catalog: CatalogView | undefined): Proposal[] {
  const inside = withoutOverlay(path);
  if (catalog !== undefined && (inside[0] === "required_applications" || inside[0] === "launch") && inside.length <= 2)
    return catalog.applications.map(({ application, description }) => ({
      label: application,
      info: description,
      insert: JSON.stringify(application),
    }));
  if (catalog !== undefined && inside.at(-1) === "source" && inside.includes("data_sources"))
    return catalog.data_sources.map(({ source, kind }) => ({ label: source, info: kind, insert: JSON.stringify(source) }));
  const setting =
    inside[0] === "application_configuration" && inside.length === 3
      ? catalog?.applications.find(({ application }) => application === inside[1])?.settings[String(inside[2])]
      : undefined;
  const found: unknown = setting ?? schemaAt(inside, schema);
  const choices = isRecord(found) && Array.isArray(found.enum) ? found.enum : typeIn(found) === "boolean" ? [true, false] : [];
  return choices.map((value: unknown) => ({ label: String(value), info: undefined, insert: JSON.stringify(value) }));
}

/** In an environment the same may stand as without one. */
function withoutOverlay(path: readonly (string | number)[]): readonly (string | number)[] {
  return path[0] === "environments" && path.length >= 2 ? path.slice(2) : path;
}

function schemaAt(path: readonly (string | number)[], schema: Schema): unknown {
  let here: unknown = schema;
  for (const step of path) {
    const of = alternatives(here);
    const found = of.map((one) => stepInto(one, step)).find((one) => one !== undefined);
    if (found === undefined) return undefined;
    here = found;
  }
  return alternatives(here).find((one) => isRecord(one) && ("properties" in one || "enum" in one)) ?? here;
}

function stepInto(schema: unknown, step: string | number): unknown {
  if (!isRecord(schema)) return undefined;
  if (typeof step === "number") return schema.items;
  const properties = recordIn(schema, "properties");
  if (Object.hasOwn(properties, step)) return properties[step];
  return isRecord(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

function alternatives(schema: unknown): readonly unknown[] {
  return isRecord(schema) && Array.isArray(schema.anyOf) ? schema.anyOf : [schema];
}

function member(name: string, info: string | undefined, schema: unknown): Proposal {
  return { label: name, info, insert: `${JSON.stringify(name)}: ${EMPTY[typeIn(schema) ?? ""] ?? ""}` };
}

const EMPTY: Readonly<Record<string, string>> = { object: "{}", array: "[]", string: '""' };

function namesAt(text: string, path: readonly (string | number)[]): ReadonlySet<string> {
  const value: unknown = parse(text);
  const here = path.reduce<unknown>(
    (inside, step) => (isRecord(inside) || Array.isArray(inside) ? (inside as Record<string | number, unknown>)[step] : undefined),
    value,
  );
  return new Set(isRecord(here) ? Object.keys(here) : []);
}

const WORD = /[\w-]/;

function wordAt(text: string, offset: number): { from: number; to: number } {
  let [from, to] = [offset, offset];
  while (WORD.test(text[from - 1] ?? "")) from--;
  while (WORD.test(text[to] ?? "")) to++;
  return { from, to };
}

function recordIn(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const found = isRecord(value) ? value[name] : undefined;
  return isRecord(found) ? found : {};
}

function textIn(value: unknown, name: string): string | undefined {
  const found = isRecord(value) ? value[name] : undefined;
  return typeof found === "string" ? found : undefined;
}

function typeIn(value: unknown): string | undefined {
  return textIn(value, "type");
}
