import { expect, test } from "vitest";
import { lastWords } from "./last-words.ts";

test.each([
  ["psql: error: could not translate host name\r\n", "psql: error: could not translate host name"],
  ["\u001b[?1049h\u001b[1;31mtig: Not a git repository\u001b[0m\u001b[?1049l\r\n", "tig: Not a git repository"],
  ["\u001b]0;a title\u0007one\r\ntwo\u001b]8;;http://x\u001b\\\u001b(B\n", "one\ntwo"],
  ["", ""],
  [" \r\n\t", ""],
])("of %j, %j is left", (written, said) => {
  expect(lastWords(written)).toBe(said);
});

test("of much, the end is left", () => {
  const said = lastWords(`${"x".repeat(100_000)}\nthe reason`);
  expect(said.endsWith("\nthe reason")).toBe(true);
  expect(said.length).toBe(601);
});

test("orders without end take no time", () => {
  const began = process.cpuUsage().user;
  lastWords("\u001b]".repeat(200_000));
  lastWords("\u001b[".repeat(200_000));
  expect(process.cpuUsage().user - began).toBeLessThan(1_000_000);
});
