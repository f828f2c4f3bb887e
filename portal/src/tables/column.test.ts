import { expect, test } from "vitest";
import { type Column, nextOrder, ordered } from "./column.ts";

interface Row {
  readonly name: string;
  readonly bytes?: number;
}
const columns: Column<Row>[] = [
  { head: "Name", value: ({ name }) => name },
  { head: "Size", value: ({ bytes }) => bytes },
];
const rows: Row[] = [{ name: "b10", bytes: 9 }, { name: "B2", bytes: 10 }, { name: "a" }];
const names = (head: string, descending: boolean) => ordered(rows, columns, { head, descending }).map(({ name }) => name);

test("numbers are ordered as numbers, names as people do, and what is unknown comes last", () => {
  expect(names("Name", false)).toEqual(["a", "B2", "b10"]);
  expect(names("Size", false)).toEqual(["b10", "B2", "a"]);
  expect(names("Size", true)).toEqual(["B2", "b10", "a"]);
  expect(ordered(rows, columns, undefined)).toBe(rows);
  expect(ordered(rows, columns, { head: "Gone", descending: false })).toBe(rows);
});

test("a head that is chosen again turns the order round", () => {
  const first = nextOrder(undefined, "Name");
  expect(first).toEqual({ head: "Name", descending: false });
  expect(nextOrder(first, "Name")).toEqual({ head: "Name", descending: true });
  expect(nextOrder(nextOrder(first, "Name"), "Name")).toEqual(first);
  expect(nextOrder(first, "Size")).toEqual({ head: "Size", descending: false });
});
