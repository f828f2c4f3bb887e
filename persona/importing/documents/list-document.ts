import type { Table } from "../tables.ts";

export type DocumentPath = readonly (string | number)[];

/** A list that is a document, and the lines of its members: of a table's, where its name stands. */
export interface ListDocument {
  readonly whole: Table;
  /** From 1; undefined where it is not known. */
  lineOf(...path: DocumentPath): number | undefined;
}

/** Lines by paths, as a document is walked through once: a look for each entry would take their number squared. */
export class LineMap {
  readonly #lines = new Map<string, number>();

  set(path: DocumentPath, line: number): void {
    const key = path.join("\0");
    if (!this.#lines.has(key)) this.#lines.set(key, line);
  }

  get(path: DocumentPath): number | undefined {
    return this.#lines.get(path.join("\0"));
  }
}

/** Deeper than any member that a list is asked for. */
export const DEEPEST_PATH = 6;

/** The line of an offset, for offsets that grow: each part of the text is looked at once. */
export function lineCounter(content: string): (offset: number) => number {
  let at = 0;
  let line = 1;
  return (offset) => {
    for (; at < offset; at++) {
      const character = content[at];
      if (character === "\n" || (character === "\r" && content[at + 1] !== "\n")) line++;
    }
    return line;
  };
}
