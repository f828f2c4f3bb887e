import { visibleText } from "../kit/visible-text.ts";
import type { CellValue, Column } from "./column.ts";

/** Tells programs that reckon with tables that the file is UTF-8: without it some take an ü for two other letters. */
const MARK = "\u{feff}";
/** What such programs take for a formula to be reckoned, at the beginning of a cell, also in the width of ideographs. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;
/** Line ends are hidden characters, which stand there as their numbers. */
const NEEDS_QUOTES = /[",]/;

/** A table as a file (RFC 4180). What a stranger named can start no formula: an apostrophe before it makes text of it. */
export function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const heads = columns.map(({ head, unit }) => (unit === undefined ? head : `${head} (${unit})`));
  const lines = [heads, ...rows.map((row) => columns.map(({ value }) => value(row)))];
  return MARK + lines.map((cells) => `${cells.map(cellOf).join(",")}\r\n`).join("");
}

function cellOf(value: CellValue): string {
  if (typeof value === "number") return String(value);
  const text = visibleText(value ?? "");
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** "guise-people-2026-12-01.csv": what it is, and of when. */
export function csvName(table: string, now: Date): string {
  return `guise-${table.toLowerCase().replaceAll(" ", "-")}-${now.toISOString().slice(0, 10)}.csv`;
}
