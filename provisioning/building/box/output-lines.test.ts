import { expect, test } from "vitest";
import { OutputLines } from "./output-lines.ts";

function read(...chunks: readonly (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const output = new OutputLines((line) => lines.push(line));
  for (const chunk of chunks) output.push(Buffer.from(chunk));
  output.end();
  return lines;
}

test("lines come whole, however the bytes are cut", () => {
  const euro = Buffer.from("€");
  expect(read("on", "e\r\ntwo\n\nthr", "ee ", euro.subarray(0, 1), euro.subarray(1))).toEqual(["one", "two", "three €"]);
});

test("what a progress bar wrote over is left out", () => {
  expect(read("10%\r50%\r100%\n")).toEqual(["100%"]);
});

test("an endless line takes no endless room", () => {
  const lines = read(...Array.from({ length: 50 }, () => "x".repeat(1000)));
  expect(lines.map(({ length }) => length)).toEqual([4000]);
});
