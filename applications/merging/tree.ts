import { isRecord } from "../setting-value.ts";

/** What a file says, or a persona: objects are merged member by member, all else is a value. */
export type Tree = Readonly<Record<string, unknown>>;

export type Path = readonly string[];

/** A place of a file that is to have this value: absent until now, or with another one. */
export interface Change {
  readonly path: Path;
  readonly value: unknown;
  /** What is there. */
  readonly over?: unknown;
}

/** `enforced`: the persona's keys win. `default`: what the person has wins, and only what is missing is added. */
export type Manner = "default" | "enforced";

/** What the file is to say: nothing but the persona's keys changes. Built of own properties alone, whatever the names. */
export function wantedTree(theirs: Tree, keys: Tree, manner: Manner): Tree {
  const members = new Map(Object.entries(theirs));
  for (const [name, value] of Object.entries(keys)) {
    const present = members.get(name);
    if (isRecord(present) && isRecord(value)) members.set(name, wantedTree(present, value, manner));
    else if (manner === "enforced" || !members.has(name)) members.set(name, value);
  }
  return Object.fromEntries(members);
}

/** The fewest places that make `theirs` into what is wanted; whole objects where nothing of them is there. */
export function changesBetween(theirs: Tree, wanted: Tree, at: Path = []): Change[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const path = [...at, name];
    const present = Object.hasOwn(theirs, name) ? theirs[name] : undefined;
    if (isRecord(present) && isRecord(value)) return changesBetween(present, value, path);
    return isSame(present, value) ? [] : [{ path, value, over: present }];
  });
}

/** Values that are not objects, with their places; an empty object counts as one. */
export function leavesOf(value: unknown, at: Path = []): Change[] {
  if (!isRecord(value) || Object.keys(value).length === 0) return [{ path: at, value }];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...at, name]));
}

/** A place as one text (RFC 6901), for lists of them. */
export function pointerOf(path: Path): string {
  return path.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Without the places that are named; objects that would be empty then are left out. */
export function without(tree: Tree, pointers: ReadonlySet<string>, at: Path = []): Tree {
  const kept = Object.entries(tree).flatMap(([name, value]): [string, unknown][] => {
    const path = [...at, name];
    if (!isRecord(value) || Object.keys(value).length === 0) return pointers.has(pointerOf(path)) ? [] : [[name, value]];
    const inner = without(value, pointers, path);
    return Object.keys(inner).length === 0 ? [] : [[name, inner]];
  });
  return Object.fromEntries(kept);
}

/** The same value, whatever the order of members. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other) || (one === 0 && other === 0)) return true;
  if (one instanceof Date || other instanceof Date) return one instanceof Date && other instanceof Date && String(one) === String(other);
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((item, index) => isSame(item, other[index]))
    );
  if (!isRecord(one) || !isRecord(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]));
}
