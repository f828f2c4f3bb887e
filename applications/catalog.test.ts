import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_MANAGERS } from "@guise/contract";
import { describe, expect, test } from "vitest";
import { CatalogError, catalogOf } from "./catalog.ts";
import { catalogEntryJsonSchema } from "./catalog-entry.ts";
import { plannedFiles } from "./file-draft.ts";
import { loadCatalog } from "./load-catalog.ts";
import { planApplication } from "./plan-application.ts";

const SHIPPED = join(import.meta.dirname, "..", "catalog");

const ENTRY = {
  application: "jq",
  name: "jq",
  description: "JSON",
  homepage: "https://jqlang.org",
  kind: "command",
  icon: "table",
  order: 1,
  packages: { apt: ["jq"] },
  command: ["jq"],
  settings: {},
};

function problemsOf(...documents: { file: string; document: unknown }[]): unknown {
  try {
    catalogOf(documents);
    return [];
  } catch (error) {
    if (error instanceof CatalogError) return error.detail.problems;
    throw error;
  }
}

test("the shipped catalog has the kinds and managers that personas are promised, in a fixed order", async () => {
  const catalog = await loadCatalog(SHIPPED);
  expect(catalog.entries.length).toBeGreaterThanOrEqual(8);
  expect(new Set(catalog.entries.map(({ kind }) => kind))).toEqual(new Set(["terminal", "web", "command", "desktop"]));
  expect(new Set(catalog.entries.flatMap(({ packages }) => Object.keys(packages)))).toEqual(new Set(PACKAGE_MANAGERS));
  expect(catalog.ids).toEqual(catalog.entries.toSorted((a, b) => a.order - b.order).map(({ application }) => application));
  for (const { application, settings } of catalog.entries) expect(Object.keys(settings).length, application).toBeGreaterThan(0);
});

test("the schema beside the catalog is the one that reads it", async () => {
  await expect(`${JSON.stringify(catalogEntryJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(join(SHIPPED, "entry.schema.json"));
});

test("a right entry is found by its id", () => {
  const catalog = catalogOf([{ file: "jq.json", document: ENTRY }]);
  expect(catalog.find("jq")?.name).toBe("jq");
  expect(catalog.find("toString")).toBeUndefined();
});

test.each([
  ["a package that is a URL", { packages: { apt: ["https://x.example"] } }],
  ["a package that is not written canonically", { packages: { pip: ["Polars"] } }],
  ["an unknown member", { comand: ["jq"] }],
  ["kind web without a port", { kind: "web" }],
  [
    "a default that is not allowed",
    { settings: { a: { type: "string", description: "a", enum: ["x"], default: "y", places: [{ variable: "A" }] } } },
  ],
  ["another file name", { application: "other" }],
])("an entry with %s is refused", (_, change) => {
  expect(problemsOf({ file: "jq.json", document: { ...ENTRY, ...change } })).toHaveLength(1);
});

describe("a file that lies beside an entry", () => {
  const shipping = (path: string, from: string) => ({ ...ENTRY, files: { [path]: { format: "text", from } } });

  test("is put whole into a folder of the application's, with the entry or without any file of it there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "guise-catalog-"));
    const document = JSON.stringify(shipping("/run/guise/jq/a.js", "jq/a.js"));
    await writeFile(join(folder, "jq.json"), document);
    await expect(loadCatalog(folder)).rejects.toThrow(/jq\.json: jq\/a\.js: ENOENT/);
    await mkdir(join(folder, "jq"));
    await writeFile(join(folder, "jq", "a.js"), "let a;\n");
    const entry = (await loadCatalog(folder)).find("jq") ?? expect.fail("it is not there");
    expect(plannedFiles(planApplication(entry, {}).files)).toEqual([
      { path: "/run/guise/jq/a.js", content: "let a;\n", mode: 0o644, apply: "replace" },
    ]);
    await rm(folder, { recursive: true });
  });

  test.each([
    ["~/.config/jq/a.js", "jq/a.js", /lies below \/run\/guise\/jq\//],
    ["/run/guise/env", "jq/a.js", /lies below \/run\/guise\/jq\//],
    ["/run/guise/jq/a.js", "yq/a.js", /comes from jq\//],
    ["/run/guise/jq/a.js", "../a.js", /files/],
  ])("as %s from %s is refused", (path, from, why) => {
    expect(problemsOf({ file: "jq.json", document: shipping(path, from) })).toEqual([expect.stringMatching(why)]);
  });
});

test("all problems of all files come at once", () => {
  const setting = (apply: string) => ({
    a: { type: "string", description: "a", apply, places: [{ file: "~/.x", format: "json", key: ["a"] }] },
  });
  const problems = problemsOf(
    { file: "jq.json", document: { ...ENTRY, settings: setting("default") } },
    { file: "yq.json", document: { ...ENTRY, application: "yq", settings: setting("enforced") } },
    { file: "zq.json", document: 7 },
  );
  expect(problems).toHaveLength(3);
});

test("a file that is not JSON is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "guise-catalog-"));
  try {
    await writeFile(join(folder, "broken.json"), "{");
    await expect(loadCatalog(folder)).rejects.toMatchObject({ code: "invalid_catalog", message: expect.stringContaining("broken.json") });
  } finally {
    await rm(folder, { recursive: true });
  }
});
