import type { DraftForm } from "./draft-form.ts";
import type { DraftPath } from "./draft-text.ts";

/** A list of a draft as the form sees it. An environment has a list whole: its own, or that of all environments. */
export interface DraftList {
  /** `shared`: in an environment, that of all of them. `unreadable`: what stands there is no list. */
  readonly state: "own" | "shared" | "unreadable";
  readonly items: readonly unknown[];
  add(item: Readonly<Record<string, unknown>>): void;
  takeOut(index: number): void;
  /** Gives the environment the list of all as its own, to be changed. */
  part(): void;
  /** Lets the environment have the list of all again. */
  rejoin(): void;
}

export function draftList(form: DraftForm, path: DraftPath): DraftList {
  const own = form.own(path);
  const held = form.held(path);
  const items = Array.isArray(held) ? held : [];
  return {
    state: held !== undefined && !Array.isArray(held) ? "unreadable" : own === undefined && items.length > 0 ? "shared" : "own",
    items,
    add: (item) => (own === undefined ? form.set(path, [...items, item]) : form.set([...path, items.length], item)),
    takeOut(index) {
      // An empty list is the environment's word that it has none of them.
      if (items.length === 1 && form.environment !== undefined) form.set(path, []);
      else form.set([...path, index], undefined);
    },
    part: () => form.set(path, items),
    rejoin: () => form.set(path, undefined),
  };
}
