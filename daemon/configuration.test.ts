import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigurationError, readConfiguration } from "./configuration.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-configuration-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("defaults hold where nothing is set; a variable wins over the file", () => {
  expect(readConfiguration(folder, {})).toMatchObject({ host: "127.0.0.1", port: 7080, engine: "own" });
  writeFileSync(join(folder, "guise.config.json"), JSON.stringify({ port: 8000, guards: 5 }));
  expect(readConfiguration(folder, { GUISE_PORT: "9000" })).toMatchObject({ port: 9000, guards: 5 });
});

test.each([
  [{ GUISE_HOST: "0.0.0.0" }, "GUISE_HOST"],
  [{ GUISE_PORT: "eighty" }, "GUISE_PORT"],
  [{ GUISE_ENGINE: "podman" }, "GUISE_ENGINE"],
  [{ GUISE_BANDWIDTH: "fast" }, "GUISE_BANDWIDTH"],
])("what is wrong is named with its variable: %o", (variables, name) => {
  expect(() => readConfiguration(folder, variables)).toThrow(ConfigurationError);
  expect(() => readConfiguration(folder, variables)).toThrow(name);
});

test("an unknown setting and a broken file are refused with the file's name", () => {
  writeFileSync(join(folder, "guise.config.json"), JSON.stringify({ prot: 8000 }));
  expect(() => readConfiguration(folder, {})).toThrow("guise.config.json");
  writeFileSync(join(folder, "guise.config.json"), "{");
  expect(() => readConfiguration(folder, {})).toThrow("guise.config.json");
});
