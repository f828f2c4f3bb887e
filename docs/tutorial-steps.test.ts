import { expect, test } from "vitest";
import { says, stepsOf } from "./tutorial-steps.ts";

const PAGE = [
  "Text",
  "```sh start",
  "npm start",
  "```",
  "",
  "```console",
  "$ a",
  "$ b | c",
  "out",
  "…",
  "```",
  "```json x.json",
  "{}",
  "```",
  "```console fails",
  "$ d",
  "```",
  "```ts",
  "not followed",
  "```",
].join("\n");

test("blocks are read as what their reader does", () => {
  expect(stepsOf(PAGE)).toEqual([
    { kind: "start", line: 3, command: "npm start" },
    { kind: "command", line: 7, command: "a", output: "", fails: false },
    { kind: "command", line: 8, command: "b | c", output: "out\n…", fails: false },
    { kind: "file", line: 13, name: "x.json", content: "{}\n" },
    { kind: "command", line: 16, command: "d", output: "", fails: true },
  ]);
  expect(() => stepsOf("```console\n$ a")).toThrow("line 1");
});

test.each([
  ["a\nb", "a\nb\n", true],
  ["a", "a\nb\n", false],
  ["a\n…", "a\nb\nc\n", true],
  ["…\nb", "b\n", true],
  ["ready in … ms", "ready in 12 ms\n", true],
  ["ready in … ms", "ready in 12 s\n", false],
  ["", "", true],
  ["", "a\n", false],
  ["a.c", "abc\n", false],
])("%j is said by %j: %s", (expected, came, holds) => {
  expect(says(expected, came)).toBe(holds);
});
