import type { ParameterValue } from "@guise/contract";
import { isObject } from "./is-object.ts";

/** `${kind:name}` in a value. Other `${…}` (of shells, say) is plain text; `$${kind:name}` stands for the text `${kind:name}` itself. */
export const REFERENCE_KINDS = ["parameter", "data_source", "secret"] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

export interface Reference {
  readonly kind: ReferenceKind;
  readonly name: string;
}

/** The form of references, whatever the kind, and of the text that only looks like one. What a shell writes behind a colon begins otherwise. */
const FORM = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*):([^${}]*)\}/g;
const BEGINNING = /\$\{(?:parameter|data_source|secret):/;

function isKind(kind: string): kind is ReferenceKind {
  return (REFERENCE_KINDS as readonly string[]).includes(kind);
}

export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(FORM)].flatMap(([whole, kind = "", name = ""]) =>
    !whole.startsWith("$$") && isKind(kind) ? [{ kind, name }] : [],
  );
}

/** Kinds written in the form of a reference that do not exist. */
export function unknownReferencesIn(text: string): { readonly kind: string; readonly written: string }[] {
  return [...text.matchAll(FORM)].flatMap(([written, kind = "", name = ""]) =>
    written.startsWith("$$") || isKind(kind) || !/^[A-Za-z_]/.test(name) ? [] : [{ kind, written }],
  );
}

/** Begins as a reference does and is none: `${parameter:a`, `${parameter:a{b}`. */
export function hasBrokenReference(text: string): boolean {
  return BEGINNING.test(text.replace(FORM, ""));
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
  return text.replace(FORM, (written: string, kind: string, name: string) => {
    if (written.startsWith("$$")) return written.slice(1);
    return isKind(kind) ? String(look({ kind, name }) ?? written) : written;
  });
}
