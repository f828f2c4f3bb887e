import { expect, test } from "vitest";
import { runtimesLines } from "./runtimes-view.ts";

const bases = [
  { base: "debian-12", python: "3.11" },
  { base: "debian-13", python: "3.13" },
] as const;

test("what a persona's programs run on is told with what it could choose", () => {
  const nodes = ["22" as const, "24" as const];
  expect(runtimesLines({ base: "debian-13", python: "3.13", node: "22", bases: [...bases], nodes })).toEqual([
    'Python 3.13 of debian-13; "base": "debian-12" has 3.11',
    'Node 22; "runtimes": { "node": … } has "24"',
  ]);
  expect(runtimesLines({ node: "24", bases: [], nodes })).toEqual(['Node 24; "runtimes": { "node": … } has "22"']);
});
