import type { Transport } from "./transport.ts";

/** A list that is read to its end would be a trap at this size. */
const MOST_PAGES = 1000;

/** Every item of a paged list. */
export async function everyPage<T>(
  transport: Transport,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await transport.json<T[] | { items: T[]; next?: string }>("GET", path, {
      query: { ...query, cursor },
      repeatable: true,
    });
    if (Array.isArray(answer)) return answer;
    items.push(...answer.items);
    cursor = answer.next;
    if (cursor === undefined) break;
  }
  return items;
}
