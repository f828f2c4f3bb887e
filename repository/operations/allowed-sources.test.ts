import { WORKSPACE_STATES } from "@guise/contract";
import { expect, it } from "vitest";
import { transitionOf } from "#workspace";
import { allowedSources } from "./allowed-sources.ts";

it.each(WORKSPACE_STATES)("into %s lead the transitions of the table, and itself unless it is the end", (to) => {
  const expected = WORKSPACE_STATES.filter((from) => transitionOf(from, to) !== undefined || (from === to && to !== "released"));
  const found = allowedSources(to, undefined).map(({ from }) => from);
  expect(new Set(found)).toEqual(new Set(expected));
});

it("a reason leads only where the table has it", () => {
  expect(allowedSources("releasing", "displaced")).toEqual([{ from: "releasing" }]);
  expect(allowedSources("released", "displaced")).toEqual([]);
  expect(allowedSources("released", "given_back")).toEqual([{ from: "releasing" }]);
});

it("without a reason the present one must do", () => {
  expect(allowedSources("ready", undefined)).toContainEqual({ from: "provisioning" });
  expect(allowedSources("released", undefined)).toEqual([
    { from: "releasing", reasons: ["given_back", "cancelled", "lifetime_ended", "stopped_by_operator"] },
  ]);
});
