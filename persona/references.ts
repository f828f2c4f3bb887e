import type { ParameterValue } from "@guise/contract";
import { isObject } from "./is-object.ts";

/** `${kind:name}` in a value. Other `${…}` (of shells, say) is plain text. */
export const REFERENCE_KINDS = ["parameter", "data_source", "secret"] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

export interface Reference {
  readonly kind: ReferenceKind;
  readonly name: string;
}

const REFERENCE = /\$\{(parameter|data_source|secret):([^}]*)\}/g;
/** Looks like a reference, but of no known kind. */
const SIMILAR = /\$\{([a-z_]+):([a-z][a-z0-9_-]*)\}/g;

export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(REFERENCE)].map(([, kind, name]) => ({ kind: kind as ReferenceKind, name: name ?? "" }));
}

/** Kinds written in the form of a reference that do not exist. */
export function unknownKindsIn(text: string): string[] {
  return [...text.matchAll(SIMILAR)].map(([, kind]) => kind ?? "").filter((kind) => !(REFERENCE_KINDS as readonly string[]).includes(kind));
}

/** Every text in a value with its place, keys apart. */
export function* textsIn(
  value: unknown,
  at: readonly (string | number)[] = [],
): Generator<{ at: readonly (string | number)[]; text: string }> {
  if (typeof value === "string") yield { at, text: value };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsIn(item, [...at, index]);
  else if (isObject(value)) for (const [key, member] of Object.entries(value)) yield* textsIn(member, [...at, key]);
}

/** The value with each reference replaced once; a text that is nothing but one reference takes its type. What `look` does not know stays. */
export function substituted(value: unknown, look: (reference: Reference) => ParameterValue | undefined): unknown {
  if (typeof value === "string") return substitutedText(value, look);
  if (Array.isArray(value)) return value.map((item) => substituted(item, look));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, substituted(member, look)]));
}

function substitutedText(text: string, look: (reference: Reference) => ParameterValue | undefined): ParameterValue {
  const [only] = referencesIn(text);
  if (only !== undefined && text === `\${${only.kind}:${only.name}}`) return look(only) ?? text;
  return text.replace(REFERENCE, (whole, kind: ReferenceKind, name: string) => String(look({ kind, name }) ?? whole));
}
