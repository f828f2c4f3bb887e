import { expect, test } from "vitest";
import type { StoredImage } from "#provisioning";
import { standingOf } from "./image-standing.ts";

const image = (reference: string, kind: StoredImage["kind"], standsOn: string | undefined, bytes: number): StoredImage => ({
  ...{ reference, kind, standsOn, bytes, madeAt: 1, inUse: false },
});
const record = (version: number, reference: string, revision = 1, current = true) => ({
  ...{ persona: "p", version, revision, reference, current, isOrphan: false, builtAt: 2, usedAt: 10 * version },
});

test("bytes alone are what would be free without it; workspaces are those on it and those that will start on it", () => {
  const stored = [
    image("a", "layer", undefined, 100),
    image("b", "layer", "a", 10),
    image("v1", "image", "b", 1),
    image("v2", "image", "a", 2),
    image("left", "layer", undefined, 7),
  ];
  const records = [record(1, "v1"), record(2, "v2"), record(2, "v1", 7, false)];
  const holders = [
    { workspace: "w-ready", persona: "p", version: 2, state: "ready" as const, reference: "v1" },
    { workspace: "w-suspended", persona: "p", version: 2, state: "suspended" as const, reference: "v1" },
  ];
  const standing = standingOf(stored, { records, holders });
  expect(standing.map(({ reference, alone, shared, workspaces, isKept }) => [reference, alone, shared, workspaces, isKept])).toEqual([
    ["v1", 11, 100, ["w-ready"], true],
    ["v2", 2, 100, ["w-suspended"], true],
    ["left", 7, 0, [], false],
  ]);
});
