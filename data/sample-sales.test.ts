import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { writeSampleSales } from "./make-sample-sales.ts";

const SHIPPED = join(import.meta.dirname, "sample-sales");
const made = mkdtempSync(join(tmpdir(), "guise-sample-sales-"));
afterAll(() => rmSync(made, { recursive: true }));

function rowsOf(folder: string, query: string): unknown {
  const database = new DatabaseSync(join(folder, "sales.sqlite"), { readOnly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

test("the script makes what is shipped, row for row", () => {
  writeSampleSales(made);
  for (const file of ["sales.csv", "products.csv", "regions.csv"])
    expect(readFileSync(join(made, file), "utf8")).toBe(readFileSync(join(SHIPPED, file), "utf8"));
  for (const table of ["sales", "products", "regions", "revenue_by_month"]) {
    const query = `SELECT * FROM ${table} ORDER BY 1, 2`;
    expect(rowsOf(made, query)).toEqual(rowsOf(SHIPPED, query));
  }
});

test("a reader needs nothing beside the file, and all of it stays small", () => {
  expect(rowsOf(SHIPPED, "PRAGMA journal_mode")).toEqual([{ journal_mode: "delete" }]);
  expect(statSync(join(SHIPPED, "sales.sqlite")).size + statSync(join(SHIPPED, "sales.csv")).size).toBeLessThan(600_000);
});
