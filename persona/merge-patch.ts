import { isForbiddenKey } from "./document-shape.ts";
import { isObject } from "./is-object.ts";

/**
 * RFC 7396: objects are merged member by member, null removes, all else replaces. Never changes its arguments.
 * Keys of JavaScript's own object machinery are left out; the document's shape check reports them.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (isForbiddenKey(name)) continue;
    if (value === null) members.delete(name);
    else members.set(name, mergePatch(members.get(name), value));
  }
  return Object.fromEntries(members);
}
