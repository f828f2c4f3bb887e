import { expect, test } from "vitest";
import { usageSearch } from "./usage-search.ts";

test("an address names one of the spans, or the usual one", () => {
  expect([usageSearch({ days: 7 }), usageSearch({ days: 30 }), usageSearch({ days: "all" })]).toEqual([{ days: 7 }, {}, {}]);
});
