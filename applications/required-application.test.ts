import { join } from "node:path";
import { expect, test } from "vitest";
import { loadCatalog } from "./load-catalog.ts";
import { readRequiredApplication } from "./required-application.ts";

const catalog = await loadCatalog(join(import.meta.dirname, "..", "catalog"));

test("a catalog id gives its entry, and manager:package a package", () => {
  expect(readRequiredApplication("psql", catalog)).toMatchObject({ entry: { application: "psql" } });
  expect(readRequiredApplication("pip:Polars==1.*", catalog)).toEqual({
    package: { manager: "pip", name: "polars", argument: "polars==1.*" },
  });
});

test.each([
  ["jupyterlb", "unknown_name", "jupyterlab"],
  ["Psql", "unknown_name", "psql"],
  ["nothing-like-it", "unknown_name", undefined],
  ["ap:jq", "unknown_name", "apt"],
  ["brew:jq", "unknown_name", undefined],
  ["apt:Pandoc", "wrong_value", "apt:pandoc"],
  ["pip:git+https://x.example/y", "wrong_value", undefined],
])("%s is %s; nearest: %s", (text, code, suggestion) => {
  const reading = readRequiredApplication(text, catalog);
  expect(reading).toMatchObject({ fault: { code } });
  expect("fault" in reading ? reading.fault.suggestion : "none").toBe(suggestion);
});
