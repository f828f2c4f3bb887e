import { join } from "node:path";
import { expect, test } from "vitest";
import { loadCatalog } from "#applications";
import { PROFESSIONS } from "../acceptance/catalog/professions.ts";

test("each application of the catalog has one proof that it works, of its own kind and with settings of its own", async () => {
  const { entries } = await loadCatalog(join(import.meta.dirname, "..", "..", "catalog"));
  const proofs = PROFESSIONS.flatMap(({ applications }) => Object.entries(applications));
  const described = proofs.map(([application, { kind }]) => `${application}: ${kind}`);
  expect(described.sort()).toEqual(entries.map(({ application, kind }) => `${application}: ${kind}`).sort());
  for (const [application, { settings }] of proofs) expect(Object.keys(settings), application).not.toEqual([]);
});
