import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { IMPORT_OUTCOMES, type ImportRow } from "@guise/contract";
import { beforeAll, describe, expect, test } from "vitest";
import { testContext } from "../test-context.ts";
import { validatePersona } from "../validate-persona.ts";
import { type Imported, importLists } from "./import-lists.ts";
import { LIST_KINDS } from "./list-kinds.ts";

const CORPUS = join(import.meta.dirname, "corpus");
/** What is told of a folder's lists; written anew by `-u`, and read line by line before it is kept. */
const TOLD = "told.txt";

/** What is handed in of each folder: the first word of its name says of what kind. */
const HANDED_IN: Readonly<Record<string, readonly string[]>> = {
  python: ["requirements.txt", "requirements-dev.txt", "pyproject.toml", "setup.py"],
  npm: ["package.json"],
  apt: ["apt.txt", "packages.txt", "Aptfile"],
  conda: ["environment.yml", "environment.yaml"],
  devcontainer: [".devcontainer/devcontainer.json"],
  tool: [".tool-versions"],
  mixed: ["environment.yml", "requirements.txt", "apt.txt", "setup.cfg", "Pipfile", "Dockerfile"],
};

const context = await testContext();
const folders = readdirSync(CORPUS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const imported = new Map<string, Imported>();

function filesIn(folder: string) {
  const entries = readdirSync(join(CORPUS, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map((entry) => relative(join(CORPUS, folder), join(entry.parentPath, entry.name)));
  return names.filter((name) => name !== TOLD).map((name) => ({ name, content: readFileSync(join(CORPUS, folder, name), "utf8") }));
}

function listsOf(folder: string): readonly string[] {
  const names = filesIn(folder).map(({ name }) => name);
  return HANDED_IN[folder.split("-")[0] ?? ""]?.filter((name) => names.includes(name)) ?? [];
}

function countsOf(rows: readonly ImportRow[]): string {
  return IMPORT_OUTCOMES.map((outcome) => `${rows.filter((row) => row.outcome === outcome).length} ${outcome.replace("_", " ")}`).join(
    ", ",
  );
}

function told({ definition, rows, wanted }: Imported, lists: readonly string[]): string {
  const lines = rows.map(({ outcome, file, line, text, becomes, why }) => {
    const where = line === undefined ? file : `${file}:${line}`;
    return `${outcome.replace("_", " ").padEnd(11)}  ${where}  ${text}\n    ${[becomes, why].filter(Boolean).join(" · ")}`;
  });
  const draft = definition === undefined ? "no draft" : JSON.stringify(definition, null, 2);
  const missing = wanted.length === 0 ? "" : `named, and not given: ${wanted.join(", ")}\n\n`;
  return `guise persona import ${lists.join(" ")}\n${countsOf(rows)}\n\n${lines.join("\n")}\n\n${missing}${draft}\n`;
}

beforeAll(() => {
  for (const folder of folders)
    imported.set(folder, importLists(filesIn(folder), listsOf(folder), { catalog: context.catalog, bases: context.installation.bases }));
});

describe.each(folders)("%s", (folder) => {
  test("each line is told as it was found right", async () => {
    const it = imported.get(folder) as Imported;
    await expect(told(it, listsOf(folder))).toMatchFileSnapshot(join(CORPUS, folder, TOLD));
  });

  test("its draft is valid", () => {
    const definition = imported.get(folder)?.definition;
    if (definition !== undefined) expect(validatePersona(definition, context).problems).toBeUndefined();
  });
});

test("there are ten lists of each family at least, and of each kind one", () => {
  const of = (...families: readonly string[]) => folders.filter((folder) => families.includes(folder.split("-")[0] ?? "")).length;
  const sizes = [of("python"), of("npm"), of("apt"), of("conda", "devcontainer", "tool", "mixed")];
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(10);
  const names = folders.flatMap((folder) => listsOf(folder).map((name) => name.split("/").at(-1) ?? ""));
  expect(LIST_KINDS.filter(({ files }) => !names.some((name) => files.test(name))).map(({ name }) => name)).toEqual([]);
});

test("how much of all lists is carried", async () => {
  const all = [...imported].map(([folder, { rows }]) => `${folder}: ${countsOf(rows)}`);
  const rows = [...imported.values()].flatMap((one) => one.rows);
  const text = `${all.join("\n")}\n\n${folders.length} lists: ${countsOf(rows)}\n`;
  await expect(text).toMatchFileSnapshot(join(CORPUS, "totals.txt"));
});
