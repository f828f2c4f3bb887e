import { expect, test } from "vitest";
import { keptSplits, withSplit } from "./kept-split.ts";

const split = { second: "files", share: 40 };

test("what is kept is read back, and of what is no split nothing is taken", () => {
  expect(keptSplits(JSON.stringify(withSplit([], "w-1", split)))).toEqual([["w-1", split]]);
  for (const text of [null, "", "{}", "[1]", '[["w-1"]]', '[["w-1",{"second":1,"share":2}]]', '[["w-1",{"second":"a"}]]'])
    expect(keptSplits(text)).toEqual([]);
  expect(keptSplits('[["w-1",{"second":"a","share":900}]]')).toEqual([["w-1", { second: "a", share: 85 }]]);
});

test("a workspace has one, or none, and those of long ago are forgotten", () => {
  const kept = withSplit(withSplit([], "w-1", split), "w-1", { ...split, share: 60 });
  expect(kept).toEqual([["w-1", { ...split, share: 60 }]]);
  expect(withSplit(kept, "w-1", undefined)).toEqual([]);
  const many = Array.from({ length: 40 }, (_, index) => `w-${index}`).reduce<ReturnType<typeof keptSplits>>(
    (before, workspace) => withSplit(before, workspace, split),
    [],
  );
  expect([many.length, many[0]?.[0], many.at(-1)?.[0]]).toEqual([30, "w-10", "w-39"]);
});
