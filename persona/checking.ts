import type { Catalog, Fault } from "#applications";
import type { Draft } from "./draft.ts";
import type { Installation } from "./installation.ts";

export interface CheckContext {
  readonly catalog: Catalog;
  readonly installation: Installation;
}

/** One part of the language's rules; places are counted from the definition. */
export type Check = (draft: Draft, context: CheckContext) => Fault[];

/** Entries of a record whose parts may be missing. */
export function present<T>(record: Readonly<Record<string, T | undefined>> | undefined): [string, T][] {
  return Object.entries(record ?? {}).filter((pair): pair is [string, T] => pair[1] !== undefined);
}

/** Items of a list whose parts may be missing, with their places. */
export function items<T>(list: readonly (T | undefined)[] | undefined): [number, T][] {
  return [...(list ?? []).entries()].filter((pair): pair is [number, T] => pair[1] !== undefined);
}
