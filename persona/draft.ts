import type { Fault } from "#applications";
import type { EnvironmentDefinition } from "./environments.ts";

/** A definition of which any part may be missing: what is left when the parts that the schema refuses are taken out. */
export type Draft = Incomplete<EnvironmentDefinition>;

type Incomplete<T> = T extends readonly (infer Item)[]
  ? readonly (Incomplete<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Incomplete<T[Key]> | undefined }
    : T;

/** A copy without the faulty parts, so that all else is still checked and every problem comes in one answer. */
export function draftOf(document: unknown, faults: readonly Fault[]): Draft {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return {};
  const copy: Record<string, unknown> = structuredClone(document as Record<string, unknown>);
  for (const { at } of faults) removeAt(copy, at);
  return copy as Draft;
}

function removeAt(value: Record<string | number, unknown>, [first, ...rest]: Fault["at"]): void {
  if (first === undefined) return;
  if (rest.length === 0) delete value[first];
  else {
    const next = Object.hasOwn(value, first) ? value[first] : undefined;
    if (typeof next === "object" && next !== null) removeAt(next as Record<string | number, unknown>, rest);
  }
}
