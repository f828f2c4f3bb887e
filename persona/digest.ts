import { createHash } from "node:crypto";
import type { PersonaDefinition } from "@guise/contract";
import { isObject } from "./is-object.ts";

/** RFC 8785: members sorted by UTF-16 code units, numbers and texts as ECMAScript writes them, no blanks. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(",")}}`;
}

/** `sha256:` and 64 hexadecimal digits; equal for definitions that differ only in order and blanks. */
export function digestOf(definition: PersonaDefinition): string {
  return `sha256:${createHash("sha256").update(canonicalJson(definition)).digest("hex")}`;
}
