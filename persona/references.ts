// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of personas are written so
import type { ParameterValue } from "@guise/contract";
import { isObject } from "./is-object.ts";

/**
 * What stands in a value for something that is known when the persona is asked for: `${account}`, `${person:name}`, `${person:email}`,
 * `${parameter:NAME}`, `${data_source:NAME}`, `${secret:NAME}`. `$${` stands for the text `${` itself.
 */
export const REFERENCE_KINDS = ["account", "person", "parameter", "data_source", "secret"] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

export const PERSON_FACTS = ["name", "email"] as const;
export type PersonFact = (typeof PERSON_FACTS)[number];

export interface Reference {
  readonly kind: ReferenceKind;
  /** Empty for the account. */
  readonly name: string;
}

/** A doubled dollar, a pair of braces with what is in it, or a brace that does not end. */
const FORM = /\$\$\{|\$\{([^${}]*)\}|\$\{/g;

/** One `${…}` of a text: what it refers to, or undefined for one that refers to nothing. */
export interface Written {
  readonly written: string;
  readonly reference: Reference | undefined;
}

export function referenceOf(inside: string): Reference | undefined {
  if (inside === "account") return { kind: "account", name: "" };
  const colon = inside.indexOf(":");
  const kind = REFERENCE_KINDS.find((known) => known !== "account" && known === inside.slice(0, Math.max(0, colon)));
  const name = inside.slice(colon + 1);
  if (kind === undefined || (kind === "person" && !PERSON_FACTS.some((fact) => fact === name))) return undefined;
  return { kind, name };
}

/** As it is written. */
export function referenceText({ kind, name }: Reference): string {
  return kind === "account" ? "${account}" : `\${${kind}:${name}}`;
}

/** Every `${…}` in a text that does not stand for itself. */
export function writtenIn(text: string): Written[] {
  return [...text.matchAll(FORM)].flatMap(([written, inside]) =>
    written === "$${" ? [] : [{ written, reference: inside === undefined ? undefined : referenceOf(inside) }],
  );
}

export function referencesIn(text: string): Reference[] {
  return writtenIn(text).flatMap(({ reference }) => (reference === undefined ? [] : [reference]));
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

/**
 * The value with each reference replaced once; a text that is nothing but one reference takes its type. What `look` does not know stays,
 * and so does a `${…}` that refers to nothing: a version that was published when that was plain text is asked for as it was.
 */
export function substituted(value: unknown, look: (reference: Reference) => ParameterValue | undefined): unknown {
  if (typeof value === "string") return substitutedText(value, look);
  if (Array.isArray(value)) return value.map((item) => substituted(item, look));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, substituted(member, look)]));
}

function substitutedText(text: string, look: (reference: Reference) => ParameterValue | undefined): ParameterValue {
  const [only] = referencesIn(text);
  if (only !== undefined && text === referenceText(only)) return look(only) ?? text;
  return text.replace(FORM, (written: string, inside: string | undefined) => {
    if (written === "$${") return "${";
    const reference = inside === undefined ? undefined : referenceOf(inside);
    return reference === undefined ? written : String(look(reference) ?? written);
  });
}
