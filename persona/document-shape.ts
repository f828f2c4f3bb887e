import { MAXIMUM_PERSONA_DEPTH } from "@guise/contract";
import { type Fault, fault } from "#applications";
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

/** What makes a document unfit to be looked at further, however it came. */
export function shapeFaults(value: unknown, at: PathTokens = []): Fault[] {
  if (typeof value !== "object" || value === null) return [];
  if (at.length >= MAXIMUM_PERSONA_DEPTH) return [tooDeep(at)];
  if (Array.isArray(value)) return value.flatMap((item, index) => shapeFaults(item, [...at, index]));
  return Object.keys(value).flatMap((key) => {
    if (isForbiddenKey(key)) return [forbiddenKey(at, key)];
    return shapeFaults((value as Record<string, unknown>)[key], [...at, key]);
  });
}
