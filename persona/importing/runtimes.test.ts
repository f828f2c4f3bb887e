import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testContext } from "../test-context.ts";
import { importLists } from "./import-lists.ts";
import { PYTHON } from "./runtimes.ts";

const { catalog } = await testContext();

test.each([
  ["requirements.txt", `polars; python_version == "${PYTHON}"\n`],
  ["pyproject.toml", `[project]\nrequires-python = "==${PYTHON}.*"\n`],
  ["pyproject.toml", `[tool.poetry.dependencies]\npython = "~${PYTHON}"\n`],
  ["environment.yml", `dependencies: [python=${PYTHON}]\n`],
  [".tool-versions", `python ${PYTHON}.2\n`],
])("%s is judged by the Python that is there: %s", (name, content) => {
  expect(importLists([{ name, content }], [name], catalog).rows).toMatchObject([{ outcome: "changed" }]);
});

test.each([
  [".tool-versions", "nodejs 20.11.0\n", "20"],
  [".tool-versions", "nodejs lts\n", "24"],
  ["environment.yml", "dependencies: [nodejs=18]\n", "18"],
  ["package.json", '{ "engines": { "node": ">=18 <21" } }', "20"],
  ["package.json", '{ "engines": { "node": "^20.9 || >=22" } }', "24"],
  ["package.json", '{ "engines": { "node": "<=20" } }', "20"],
  ["devcontainer.json", '{ "image": "mcr.microsoft.com/devcontainers/javascript-node:1-22-bookworm" }', "22"],
  ["devcontainer.json", '{ "features": { "ghcr.io/devcontainers/features/node:1": { "version": "18" } } }', "18"],
])("the newest Node that %s takes (%s) is the persona's", (name, content, node) => {
  const files = [
    { name, content },
    { name: "apt.txt", content: "jq\n" },
  ];
  const { rows, definition } = importLists(files, [name, "apt.txt"], catalog);
  expect(rows[0]).toMatchObject({ outcome: "carried", becomes: `Node ${node}` });
  expect(definition?.runtimes).toEqual({ node });
});

test("a Node that is not there is refused with those that are, and a second one with the place of the first", () => {
  const of = (...versions: readonly string[]) => {
    const content = versions.map((version) => `nodejs ${version}\n`).join("");
    return importLists([{ name: ".tool-versions", content }], [".tool-versions"], catalog).rows.map(({ why }) => why);
  };
  expect(of("16.20.2")).toEqual(["there are Node 18, 20, 22, 24 here: write one of them under runtimes, and try whether it will do"]);
  expect(of("20", "22")).toEqual([undefined, "only one Node can be there, and .tool-versions:1 asks for 20: keep one line"]);
});

test("which Python that is, is said in one place", () => {
  const files = globSync("**/*.ts", { cwd: import.meta.dirname, exclude: (name) => name.endsWith(".test.ts") });
  const written = new RegExp(`\\b${PYTHON.replace(".", "\\.")}\\b`);
  const says = (file: string) => readFileSync(join(import.meta.dirname, file), "utf8").replaceAll(/\/\*\*.*?\*\/|\/\/.*/gs, "");
  expect(files.filter((file) => written.test(says(file)))).toEqual(["runtimes.ts"]);
});
