/**
 * Makes the shipped data source `sample-sales`: `node data/make-sample-sales.ts [folder]`.
 * The same rows at every run: figures come from a counted generator, not from chance.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const REGIONS = [
  { region: "EU", name: "European Union", weight: 1.0 },
  { region: "UK", name: "United Kingdom", weight: 0.55 },
  { region: "US", name: "United States", weight: 1.3 },
  { region: "APAC", name: "Asia and Pacific", weight: 0.8 },
] as const;

const PRODUCTS = [
  { product: "Trail Boots", category: "Footwear", unit_price: 129 },
  { product: "City Sneakers", category: "Footwear", unit_price: 84 },
  { product: "Rain Jacket", category: "Clothing", unit_price: 149 },
  { product: "Merino Shirt", category: "Clothing", unit_price: 69 },
  { product: "Day Pack", category: "Bags", unit_price: 95 },
  { product: "Travel Duffel", category: "Bags", unit_price: 119 },
  { product: "Steel Bottle", category: "Accessories", unit_price: 29 },
  { product: "Head Torch", category: "Accessories", unit_price: 45 },
  { product: "Trekking Poles", category: "Equipment", unit_price: 79 },
  { product: "Two-Person Tent", category: "Equipment", unit_price: 289 },
] as const;

const FIRST_YEAR = 2024;
const MONTHS = 24;

export interface Sale {
  readonly date: string;
  readonly month: string;
  readonly region: string;
  readonly product: string;
  readonly category: string;
  readonly units: number;
  readonly unit_price: number;
  readonly revenue: number;
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Three orders per product, region and month: growth over the two years, a summer and a winter peak. */
export function sales(): Sale[] {
  const next = generator(20_240_101);
  const rows: Sale[] = [];
  for (let month = 0; month < MONTHS; month++) {
    const season = 1 + 0.25 * Math.sin((month / 6) * Math.PI) + 0.012 * month;
    for (const { region, weight } of REGIONS) {
      for (const product of PRODUCTS) {
        for (let order = 0; order < 3; order++) rows.push(sale(month, region, product, weight * season, next));
      }
    }
  }
  return rows.sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
}

function sale(index: number, region: string, product: (typeof PRODUCTS)[number], scale: number, next: () => number): Sale {
  const month = `${FIRST_YEAR + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
  const date = `${month}-${String(1 + Math.floor(next() * 28)).padStart(2, "0")}`;
  const units = Math.max(1, Math.round(scale * (4 + 16 * next())));
  return { date, month, region, ...product, units, revenue: units * product.unit_price };
}

function csv(rows: readonly object[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => Object.values(row).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

/** Rollback journal and a vacuumed file: it is read from a read-only volume. */
function writeDatabase(path: string, rows: readonly Sale[]): void {
  rmSync(path, { force: true });
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA journal_mode = DELETE;
    CREATE TABLE regions (region TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE products (product TEXT PRIMARY KEY, category TEXT NOT NULL, unit_price INTEGER NOT NULL) STRICT;
    CREATE TABLE sales (
      id INTEGER PRIMARY KEY, date TEXT NOT NULL, month TEXT NOT NULL, region TEXT NOT NULL REFERENCES regions,
      product TEXT NOT NULL REFERENCES products, units INTEGER NOT NULL, revenue INTEGER NOT NULL
    ) STRICT;
    CREATE VIEW revenue_by_month AS
      SELECT month, region, sum(units) AS units, sum(revenue) AS revenue FROM sales GROUP BY month, region;
    BEGIN`);
  const region = database.prepare("INSERT INTO regions VALUES (?, ?)");
  for (const row of REGIONS) region.run(row.region, row.name);
  const product = database.prepare("INSERT INTO products VALUES (?, ?, ?)");
  for (const row of PRODUCTS) product.run(row.product, row.category, row.unit_price);
  const insert = database.prepare("INSERT INTO sales (date, month, region, product, units, revenue) VALUES (?, ?, ?, ?, ?, ?)");
  for (const row of rows) insert.run(row.date, row.month, row.region, row.product, row.units, row.revenue);
  database.exec("CREATE INDEX sales_by_region ON sales (region, month); COMMIT; VACUUM");
  database.close();
}

export function writeSampleSales(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const rows = sales();
  writeFileSync(join(folder, "sales.csv"), csv(rows));
  writeFileSync(join(folder, "products.csv"), csv(PRODUCTS));
  writeFileSync(join(folder, "regions.csv"), csv(REGIONS.map(({ region, name }) => ({ region, name }))));
  writeDatabase(join(folder, "sales.sqlite"), rows);
}

if (import.meta.main) writeSampleSales(process.argv[2] ?? join(import.meta.dirname, "sample-sales"));
