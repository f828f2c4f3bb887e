import { expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { MemoryDatabase } from "#repository/memory-database";
import { auditUsagePerPerson } from "./audit-usage-per-person.ts";
import { leastPeopleOf } from "./configuration.ts";

test("the audit says when operators began, and ceased, to see what single people use; once each", async () => {
  const clock = new ManualClock();
  const repository = await new MemoryDatabase("i1").open(clock);
  for (const value of ["no", "yes", "yes", "no", "no"] as const) await auditUsagePerPerson(repository, { usage_per_person: value }, clock);
  const facts = (await repository.auditEntries(0, 10)).filter(({ action }) => action === "usage_per_person").map((row) => row.facts);
  expect(facts).toEqual([
    { before: "no", value: "yes" },
    { before: "yes", value: "no" },
  ]);
  await repository.close();
});

test("five people tell nothing of one of them", () => {
  expect([leastPeopleOf({ usage_per_person: "no" }), leastPeopleOf({ usage_per_person: "yes" })]).toEqual([5, 1]);
});
