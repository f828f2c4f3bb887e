import { personaJsonSchema, personaSchema } from "@guise/contract";
import type { z } from "zod";
import { type Fault, fault, quoted } from "#applications";
import { nearest } from "#foundation";
import { isObject } from "./is-object.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/** What the schema alone finds, in the words of Guise. */
export function schemaFaults(document: unknown): Fault[] {
  const parsed = personaSchema.safeParse(document);
  if (parsed.success) return [];
  // thousands of unknown fields must not make the published schema thousands of times
  const published = personaJsonSchema();
  return parsed.error.issues.flatMap((issue) => faultsOf(issue, [], { document, published }));
}

interface Checked {
  readonly document: unknown;
  readonly published: Record<string, unknown>;
}

function faultsOf(issue: Issue, prefix: Path, checked: Checked): Fault[] {
  const at = [...prefix, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  const value = valueAt(checked.document, at);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownField(at, key, checked.published));
    case "invalid_type":
      if (value === undefined) return [fault(at, "missing", `${quoted(at.at(-1))} is required`)];
      return [fault(at, "wrong_type", `${quoted(value)} is not ${article(issue.expected)}${meaningAt(checked.published, at)}`)];
    case "invalid_value": {
      if (value === undefined) return [fault(at, "missing", `${quoted(at.at(-1))} is required`)];
      const allowed = issue.values.map(String);
      return [fault(at, "wrong_value", `${quoted(value)} is not one of ${allowed.join(", ")}`, nearest(String(value), allowed))];
    }
    case "invalid_union":
      return unionFaults(issue, at, checked, value);
    case "invalid_key":
      return [fault(at, "wrong_value", `${quoted(at.at(-1))} is not accepted as a name: ${issue.issues[0]?.message ?? issue.message}`)];
    case "too_big":
      return [fault(at, "too_large", `${quoted(value)} is too large: at most ${issue.maximum}${countWord(issue.origin)}`)];
    case "too_small":
      if (issue.minimum === 1 && (value === "" || (Array.isArray(value) && value.length === 0)))
        return [fault(at, "wrong_value", `${quoted(at.at(-1))} is empty`)];
      return [fault(at, "wrong_value", `${quoted(value)} is too small: at least ${issue.minimum}${countWord(issue.origin)}`)];
    default:
      if (value === undefined) return [fault(at, "missing", `${quoted(at.at(-1))} is required: ${issue.message}`)];
      return [fault(at, "wrong_value", `${quoted(value)} ${issue.message}`)];
  }
}

/** Of several forms, the one that was meant: whose faults lie deeper than the value's own type. */
function unionFaults(issue: Extract<Issue, { code: "invalid_union" }>, at: Path, checked: Checked, value: unknown): Fault[] {
  if (value === undefined) return [fault(at, "missing", `${quoted(at.at(-1))} is required`)];
  const meant = issue.errors.find((errors) => errors.every((error) => error.path.length > 0 || error.code !== "invalid_type"));
  if (meant !== undefined) return meant.flatMap((error) => faultsOf(error, at, checked));
  const expected = issue.errors.flat().flatMap((error) => (error.code === "invalid_type" ? [article(error.expected)] : []));
  return [fault(at, "wrong_type", `${quoted(value)} is not ${[...new Set(expected)].join(" or ")}${meaningAt(checked.published, at)}`)];
}

function unknownField(at: Path, key: string, published: Record<string, unknown>): Fault {
  const names = namesAt(published, at);
  const known = names.length === 0 ? "" : `; known here: ${names.join(", ")}`;
  return fault([...at, key], "unknown_field", `there is no field ${quoted(key)}${known}`, nearest(key, names));
}

/** The member names that the published schema has at a place. */
function namesAt(published: unknown, path: Path): string[] {
  return schemasAt(published, path).flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : []));
}

/** What the published schema says of a place, such as `; Bytes: "4Gi".` */
function meaningAt(published: unknown, path: Path): string {
  const said = schemasAt(published, path).find(({ description }) => typeof description === "string")?.description;
  return said === undefined ? "" : `; ${String(said)}`;
}

/** The parts of the schema that describe a place, each of several forms apart. */
function schemasAt(schema: unknown, path: Path): Record<string, unknown>[] {
  if (!isObject(schema)) return [];
  const forms = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  const [first, ...rest] = path;
  const own = first === undefined ? [schema] : schemasAt(memberSchema(schema, first), rest);
  return [...own, ...forms.flatMap((form) => schemasAt(form, path))];
}

function memberSchema({ items, properties, additionalProperties }: Record<string, unknown>, member: string | number): unknown {
  if (typeof member === "number") return items;
  return isObject(properties) && Object.hasOwn(properties, member) ? properties[member] : additionalProperties;
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, token) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, token)) return undefined;
    return (value as Record<string | number, unknown>)[token];
  }, document);
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function article(expected: string): string {
  return ARTICLES[expected] ?? expected;
}

function countWord(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " items" : "";
}
