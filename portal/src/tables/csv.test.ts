import { expect, test } from "vitest";
import type { Column } from "./column.ts";
import { csvName, csvOf } from "./csv.ts";

interface Row {
  readonly name: string;
  readonly bytes?: number;
}
const columns: Column<Row>[] = [
  { head: "Name", value: ({ name }) => name },
  { head: "Size", unit: "bytes", value: ({ bytes }) => bytes },
];
const linesOf = (...rows: Row[]) => csvOf(columns, rows).split("\r\n");

test("lines end as RFC 4180 has it, heads name the unit, and what is unknown is empty", () => {
  expect(csvOf(columns, [{ name: "ann", bytes: 5 }, { name: "bob" }])).toBe("\u{feff}Name,Size (bytes)\r\nann,5\r\nbob,\r\n");
});

test("commas and quotes stay within their cell, and what is hidden can be seen", () => {
  expect(linesOf({ name: 'O"Hara, Ann' }, { name: "two\r\nlines\u{202e}" }).slice(1)).toEqual([
    '"O""Hara, Ann",',
    "two\\u{d}\\u{a}lines\\u{202e},",
    "",
  ]);
});

test("no cell of text begins a formula; numbers stay numbers", () => {
  for (const begin of ["=", "+", "-", "@", "＝", "＠"]) expect(linesOf({ name: `${begin}1+1` })[1]).toBe(`'${begin}1+1,`);
  expect(linesOf({ name: '=HYPERLINK("http://x","y")' })[1]).toBe(`"'=HYPERLINK(""http://x"",""y"")",`);
  expect(linesOf({ name: "a=b", bytes: -5 })[1]).toBe("a=b,-5");
});

test("the file's name says what it is and of when", () => {
  expect(csvName("Kept homes", new Date("2026-12-01T05:00:00Z"))).toBe("guise-kept-homes-2026-12-01.csv");
});
