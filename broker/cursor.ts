import { createHash } from "node:crypto";
import { Refusal } from "@guise/contract";

/** Where a list goes on. A cursor is good for the person that got it, and for nobody else. */
export function cursorAfter(principal: string, after: string): string {
  return Buffer.from(JSON.stringify([fingerprint(principal), after])).toString("base64url");
}

/** What the cursor points behind. Refuses `invalid` for one that is broken or somebody else's. */
export function readCursor(principal: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [owner, after]: unknown[] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (owner === fingerprint(principal) && typeof after === "string") return after;
  } catch {
    // Falls through to the same refusal: how it is broken is nobody's business.
  }
  throw new Refusal("invalid", "The cursor does not belong to this list; begin again without it.");
}

function fingerprint(principal: string): string {
  return createHash("sha256").update(principal).digest("base64url").slice(0, 16);
}

/** One page of a list that is in the order of its keys, or the other way round, and the cursor of the next. */
export function pageOfList<T>(
  items: readonly T[],
  options: { principal: string; cursor: string | undefined; limit: number; keyOf: (item: T) => string; descending?: boolean },
): { items: T[]; next?: string } {
  const after = readCursor(options.principal, options.cursor);
  const isBehind = (key: string, place: string) => (options.descending === true ? key < place : key > place);
  const start = after === undefined ? 0 : items.findIndex((item) => isBehind(options.keyOf(item), after));
  const page = start === -1 ? [] : items.slice(start, start + options.limit);
  const last = page.at(-1);
  const more = last !== undefined && start + page.length < items.length;
  return more ? { items: page, next: cursorAfter(options.principal, options.keyOf(last)) } : { items: page };
}
