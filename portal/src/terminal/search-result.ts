export interface Search {
  readonly term: string;
  readonly matchesCase: boolean;
  /** From the newest line on, or from what was found last. */
  readonly from: "end" | "up" | "down";
}

export interface SearchResult {
  /** From 0 on; below it: there are more than are counted. */
  readonly index: number;
  readonly count: number;
}

/** More are neither counted nor marked. */
export const MOST_FOUND = 1_000;

export function foundText(result: SearchResult | undefined): string {
  if (result === undefined) return "";
  const { index, count } = result;
  if (count === 0) return "Not found";
  if (index < 0 || count >= MOST_FOUND) return `${MOST_FOUND} or more`;
  return `${index + 1} of ${count}`;
}
