import { expect, test } from "vitest";
import { endSplit, goTo, LEAST_SHARE, lookedAt, MOST_SHARE, type Shown, shareAfterKey, showBeside, without } from "./split-view.ts";

const alone: Shown = { first: "shell", split: undefined, side: "first" };
const both: Shown = { first: "shell", split: { second: "files", share: 40 }, side: "second" };

test("a tab that is gone to is alone, or on the side where the person is, or where it is seen already", () => {
  expect(goTo(alone, "files")).toEqual({ ...alone, first: "files" });
  expect(goTo(both, "usage")).toEqual({ ...both, split: { second: "usage", share: 40 } });
  expect(goTo({ ...both, side: "first" }, "usage")).toEqual({ ...both, first: "usage", side: "first" });
  expect(goTo(both, "shell")).toEqual({ ...both, side: "first" });
  expect(goTo({ ...both, side: "first" }, "files")).toEqual(both);
});

test("a tab is shown beside another, and never beside itself", () => {
  expect(showBeside(alone, "files")).toEqual({ first: "shell", split: { second: "files", share: 50 }, side: "second" });
  expect(showBeside(alone, "shell")).toBe(alone);
});

test("what the person is in stays when the split ends", () => {
  expect([lookedAt(both), endSplit(both)]).toEqual(["files", { first: "files", split: undefined, side: "first" }]);
  expect(endSplit({ ...both, side: "first" })).toEqual(alone);
});

test("what is closed leaves its room to the other", () => {
  expect(without(both, "files", "start")).toEqual(alone);
  expect(without(both, "shell", "start")).toEqual({ ...alone, first: "files" });
  expect(without(alone, "shell", "start")).toEqual({ ...alone, first: "start" });
  expect(without(both, "usage", "start")).toBe(both);
});

test("keys move the border within its bounds", () => {
  expect(["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"].map((key) => shareAfterKey(50, key))).toEqual([45, 45, 55, 55]);
  expect([shareAfterKey(LEAST_SHARE, "ArrowLeft"), shareAfterKey(MOST_SHARE, "ArrowRight")]).toEqual([LEAST_SHARE, MOST_SHARE]);
  expect(["Home", "End", "Enter", "a"].map((key) => shareAfterKey(70, key))).toEqual([LEAST_SHARE, MOST_SHARE, 50, undefined]);
});
