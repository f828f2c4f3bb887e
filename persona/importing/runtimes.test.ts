import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testContext } from "../test-context.ts";
import { importLists } from "./import-lists.ts";
import { NODE, PYTHON } from "./runtimes.ts";

const { catalog } = await testContext();

test.each([
  ["requirements.txt", `polars; python_version == "${PYTHON}"\n`],
  ["pyproject.toml", `[project]\nrequires-python = "==${PYTHON}.*"\n`],
  ["pyproject.toml", `[tool.poetry.dependencies]\npython = "~${PYTHON}"\n`],
  ["environment.yml", `dependencies: [python=${PYTHON}]\n`],
  [".tool-versions", `python ${PYTHON}.2\n`],
  [".tool-versions", `nodejs ${NODE}.1.0\n`],
  ["environment.yml", `dependencies: [nodejs=${NODE}]\n`],
  ["package.json", `{ "engines": { "node": "^${NODE}" } }`],
])("%s is judged by the Python and the Node that are there: %s", (name, content) => {
  expect(importLists([{ name, content }], [name], catalog).rows).toMatchObject([{ outcome: "changed" }]);
});

test("which Python and which Node that is, is said in one place", () => {
  const files = globSync("**/*.ts", { cwd: import.meta.dirname, exclude: (name) => name.endsWith(".test.ts") });
  const written = new RegExp(`\\b(?:${PYTHON.replace(".", "\\.")}|${NODE})\\b`);
  const says = (file: string) => readFileSync(join(import.meta.dirname, file), "utf8").replaceAll(/\/\*\*.*?\*\/|\/\/.*/gs, "");
  expect(files.filter((file) => written.test(says(file)))).toEqual(["runtimes.ts"]);
});
