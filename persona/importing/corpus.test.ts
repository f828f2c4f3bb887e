import { join } from "node:path";
import { IMPORT_OUTCOMES, type ImportRow } from "@guise/contract";
import { beforeAll, describe, expect, test } from "vitest";
import { testContext } from "../test-context.ts";
import { validatePersona } from "../validate-persona.ts";
import { CORPUS, FOLDERS, importFolder, listsOf, TOLD } from "./corpus-lists.fixture.ts";
import type { Imported } from "./import-lists.ts";
import { LIST_KINDS } from "./list-kinds.ts";

const context = await testContext();
const imported = new Map<string, Imported>();

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
  for (const folder of FOLDERS) imported.set(folder, importFolder(folder, context));
});

describe.each(FOLDERS)("%s", (folder) => {
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
  const of = (...families: readonly string[]) => FOLDERS.filter((folder) => families.includes(folder.split("-")[0] ?? "")).length;
  const sizes = [of("python"), of("npm"), of("apt"), of("conda", "devcontainer", "tool", "mixed")];
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(10);
  const names = FOLDERS.flatMap((folder) => listsOf(folder).map((name) => name.split("/").at(-1) ?? ""));
  expect(LIST_KINDS.filter(({ files }) => !names.some((name) => files.test(name))).map(({ name }) => name)).toEqual([]);
});

test("how much of all lists is carried", async () => {
  const all = [...imported].map(([folder, { rows }]) => `${folder}: ${countsOf(rows)}`);
  const rows = [...imported.values()].flatMap((one) => one.rows);
  const text = `${all.join("\n")}\n\n${FOLDERS.length} lists: ${countsOf(rows)}\n`;
  await expect(text).toMatchFileSnapshot(join(CORPUS, "totals.txt"));
});
