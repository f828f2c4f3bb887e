import { MAXIMUM_PERSONA_DEPTH } from "@guise/contract";
import { type Fault, fault } from "#applications";
import { isObject } from "./is-object.ts";
import type { PathTokens } from "./json-path.ts";

/** Names that reach JavaScript's own object machinery; no document has a use for them. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}

export function forbiddenKey(at: PathTokens, key: string): Fault {
  return fault([...at, key], "unknown_field", `"${key}" is never accepted as a name`);
}

export function tooDeep(at: PathTokens): Fault {
  return fault(at, "too_large", `is nested deeper than ${MAXIMUM_PERSONA_DEPTH} levels`);
}

/** "\ud800" in JSON is well-formed text of what is none: it would be stored as another character. */
function illFormed(at: PathTokens): Fault {
  return fault(at, "wrong_value", "has half of a surrogate pair, which is no character");
}

/** Members that an object may have; each environment is checked with all of them. */
const MAXIMUM_MEMBERS: readonly { readonly at: readonly string[]; readonly most: number }[] = [
  { at: ["environments"], most: 20 },
  { at: ["parameters"], most: 100 },
  { at: ["applications"], most: 30 },
  { at: ["application_configuration", "variables"], most: 500 },
  { at: ["application_configuration", "files"], most: 200 },
];

/** Objects with more members than are looked through. */
export function countFaults(document: unknown): Fault[] {
  return MAXIMUM_MEMBERS.flatMap(({ at, most }) => {
    const found = at.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), document);
    const count = isObject(found) ? Object.keys(found).length : 0;
    return count > most ? [fault(at, "too_large", `has ${count} members; at most ${most} are accepted`)] : [];
  });
}

/** What makes a document unfit to be looked at further, however it came. */
export function shapeFaults(value: unknown, at: PathTokens = []): Fault[] {
  if (typeof value === "string") return value.isWellFormed() ? [] : [illFormed(at)];
  if (typeof value !== "object" || value === null) return [];
  if (at.length >= MAXIMUM_PERSONA_DEPTH) return [tooDeep(at)];
  if (Array.isArray(value)) return value.flatMap((item, index) => shapeFaults(item, [...at, index]));
  return Object.keys(value).flatMap((key) => {
    if (isForbiddenKey(key)) return [forbiddenKey(at, key)];
    if (!key.isWellFormed()) return [illFormed([...at, key])];
    return shapeFaults((value as Record<string, unknown>)[key], [...at, key]);
  });
}
