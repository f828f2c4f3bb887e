import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { personaJsonSchema } from "@guise/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { environmentsOf } from "./environments.ts";
import { outlineOf } from "./outline.ts";
import { readDocument } from "./read-document.ts";
import { resolvePersona } from "./resolve-persona.ts";
import { testContext } from "./test-context.ts";
import { validatePersona } from "./validate-persona.ts";

const FOLDER = join(import.meta.dirname, "..", "personas");
const context = { ...(await testContext()), person: { account: "ann" } };
const samples = (await readdir(FOLDER)).filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"));

const taskSchema = z.strictObject({
  task: z.string().min(1),
  brings: z.array(z.strictObject({ from: z.string(), to: z.string().startsWith("~/") })),
  run: z.array(z.string()).min(1),
  expects: z.strictObject({ file: z.string().startsWith("~/out/"), contains: z.array(z.string()).min(1) }),
});

async function definitionOf(file: string) {
  const { document, problems } = readDocument(await readFile(join(FOLDER, file), "utf8"));
  expect(problems).toBeUndefined();
  const validation = validatePersona(document, context);
  expect(validation.problems).toBeUndefined();
  if (validation.definition === undefined) throw new Error(file);
  return validation.definition;
}

test("four samples are shipped, each with at least two environments", async () => {
  const counts = await Promise.all(samples.map(async (file) => [file, environmentsOf(await definitionOf(file)).length]));
  expect(Object.fromEntries(counts)).toEqual({
    "code-reviewer.json": 2,
    "data-analyst.json": 3,
    "log-investigator.json": 2,
    "marketing-report-creator.json": 2,
  });
});

test.each(samples)("%s resolves in each of its environments, within a machine of 2 cores", async (file) => {
  const definition = await definitionOf(file);
  expect(`${definition.persona_id}.json`).toBe(file);
  for (const environment of environmentsOf(definition)) {
    const { persona, problems } = resolvePersona(definition, { ...context, environment });
    expect(problems).toBeUndefined();
    expect(persona?.demand.cpu).toBeLessThanOrEqual(1000);
    expect(persona?.demand.ram).toBeLessThanOrEqual(2 * 2 ** 30);
    const { demand, layers } = outlineOf(definition, environment, context);
    expect({ demand, layers }).toEqual({ demand: persona?.demand, layers: persona?.layers });
  }
});

test.each(samples)("the task of %s brings files that are shipped", async (file) => {
  const { brings } = taskSchema.parse(JSON.parse(await readFile(join(FOLDER, "tasks", file), "utf8")));
  for (const { from } of brings) expect((await stat(join(FOLDER, "tasks", from))).isFile()).toBe(true);
});

test("settings of staging reach the data analyst's own files", async () => {
  const { persona } = resolvePersona(await definitionOf("data-analyst.json"), {
    ...context,
    environment: "staging",
    parameters: { region: "UK" },
  });
  expect(persona?.variables).toMatchObject({ PGSERVICE: "sales-staging", REPORT_REGION: "UK", REPORT_BUCKET: "reports-staging" });
  const theme = persona?.files.find(({ path }) => path.endsWith("/themes.jupyterlab-settings"));
  expect(JSON.parse(theme?.content ?? "")).toEqual({ theme: "JupyterLab Dark" });
});

test("the schema beside the samples is the published one", async () => {
  await expect(`${JSON.stringify(personaJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(join(FOLDER, "persona.schema.json"));
});
