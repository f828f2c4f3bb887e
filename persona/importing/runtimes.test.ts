import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BASES } from "@guise/contract";
import { expect, test } from "vitest";
import { importLists } from "./import-lists.ts";
import { context } from "./test-import.ts";

const PYTHON = BASES["debian-12"].python;

test.each([
  ["requirements.txt", `polars; python_version == "${PYTHON}"\n`],
  ["pyproject.toml", `[project]\nrequires-python = "==${PYTHON}.*"\n`],
  ["pyproject.toml", `[tool.poetry.dependencies]\npython = "~${PYTHON}"\n`],
  ["environment.yml", `dependencies: [python=${PYTHON}]\n`],
  [".tool-versions", `python ${PYTHON}.2\n`],
])("%s is judged by the Python that is there: %s", (name, content) => {
  expect(importLists([{ name, content }], [name], context).rows).toMatchObject([{ outcome: "changed" }]);
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
  const { rows, definition } = importLists(files, [name, "apt.txt"], context);
  expect(rows[0]).toMatchObject({ outcome: "carried", becomes: `Node ${node}` });
  expect(definition?.runtimes).toEqual({ node });
});

test("a Node that is not there is refused with those that are, and a second one with the place of the first", () => {
  const of = (...versions: readonly string[]) => {
    const content = versions.map((version) => `nodejs ${version}\n`).join("");
    return importLists([{ name: ".tool-versions", content }], [".tool-versions"], context).rows.map(({ why }) => why);
  };
  expect(of("16.20.2")).toEqual(["there are Node 18, 20, 22, 24 here: write one of them under runtimes, and try whether it will do"]);
  expect(of("20", "22")).toEqual([undefined, "only one Node can be there, and .tool-versions:1 asks for 20: keep one line"]);
});

const NEWER = BASES["debian-13"].python;

test.each([
  ["pyproject.toml", `[project]\nrequires-python = ">=${NEWER}"\ndependencies = ["rich; python_version > '3.12'"]\n`],
  ["pyproject.toml", `[tool.poetry.dependencies]\npython = "^${NEWER}"\nrich = "*"\n`],
  ["environment.yml", `dependencies: [python=${NEWER}, {pip: ["rich; python_version > '3.12'"]}]\n`],
])("a list that wants a newer Python stands on the base that has it, and is judged by that: %s %s", (name, content) => {
  const { rows, definition } = importLists([{ name, content }], [name], context);
  expect(rows[0]).toMatchObject({ outcome: "carried", becomes: `base debian-13, which has Python ${NEWER}` });
  expect(definition).toMatchObject({ base: "debian-13", required_applications: ["pip:rich"] });
});

test("lists that want two Pythons get that of the first; one that nothing has is refused with those that there are", () => {
  const of = (...versions: readonly string[]) => {
    const content = versions.map((version) => `python ${version}\n`).join("");
    return importLists([{ name: ".tool-versions", content }], [".tool-versions"], context).rows.map(({ why, becomes }) => why ?? becomes);
  };
  expect(of("3.13.1", "3.11.2")).toEqual([
    "base debian-13, which has Python 3.13",
    "Python is 3.13, for another line wants it: keep one of them",
  ]);
  expect(of("3.9")).toEqual(["there is Python 3.11 (debian-12) and 3.13 (debian-13) here; try whether one of them will do"]);
});

test("without the choice of a base there is the one Python", () => {
  const content = `python ${NEWER}\n`;
  const { rows } = importLists([{ name: ".tool-versions", content }], [".tool-versions"], {
    ...context,
    bases: { here: [], standard: undefined },
  });
  expect(rows[0]?.why).toBe("there is Python 3.11 (debian-12) here; try whether one of them will do");
});

test("which Pythons there are is said in one place", () => {
  const files = globSync("**/*.ts", { cwd: import.meta.dirname, exclude: (name) => name.endsWith(".test.ts") });
  const written = new RegExp(`\\b(?:${PYTHON}|${NEWER})\\b`.replaceAll(".", "\\."));
  const says = (file: string) => readFileSync(join(import.meta.dirname, file), "utf8").replaceAll(/\/\*\*.*?\*\/|\/\/.*/gs, "");
  expect(files.filter((file) => written.test(says(file)))).toEqual([]);
});
