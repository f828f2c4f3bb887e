import { expect, test } from "vitest";
import { parseLaunches } from "./found-launches.ts";

const RECORD = JSON.stringify({ kind: "web", command: ["x"] });

test("a listing becomes launches", () => {
  const listing = `a-1\trunning\t1700000000000\t\t${RECORD}\nb-2\texited\t1\t143 2\t${RECORD}\nc-3\tgone\t\t\t${RECORD}\n`;
  expect(parseLaunches(listing)).toEqual([
    { launchId: "a-1", state: "running", kind: "web", command: ["x"], startedAt: 1_700_000_000_000 },
    { launchId: "b-2", state: "exited", kind: "web", command: ["x"], startedAt: 1, exit: 143, endedAt: 2 },
    { launchId: "c-3", state: "lost", kind: "web", command: ["x"] },
  ]);
});

test.each([
  ["nothing", ""],
  ["another id", `../x\trunning\t1\t\t${RECORD}`],
  ["another state", `a\tfine\t1\t\t${RECORD}`],
  ["a time that is none", `a\trunning\t-1\t\t${RECORD}`],
  ["an exit that is none", `a\texited\t1\t9999 1\t${RECORD}`],
  ["no JSON", "a\trunning\t1\t\t{"],
  ["another kind", `a\trunning\t1\t\t${JSON.stringify({ kind: "hologram", command: ["x"] })}`],
  ["no command", `a\trunning\t1\t\t${JSON.stringify({ kind: "web", command: [] })}`],
  ["too many columns", `a\trunning\t1\t\t${RECORD}\tx`],
])("what is reported with %s is left out", (_what, line) => {
  expect(parseLaunches(`${line}\n`)).toEqual([]);
});

test("a listing without end is cut", () => {
  expect(parseLaunches(`a\trunning\t1\t\t${RECORD}\n`.repeat(5000)).length).toBe(1000);
});
