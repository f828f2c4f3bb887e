import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { CommandContext } from "./context.ts";
import { Output } from "./output.ts";

function watched() {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const output = new Output({ stdout, stderr, color: false } as unknown as CommandContext);
  return { output, out: () => String(stdout.read() ?? ""), err: () => String(stderr.read() ?? "") };
}

test("no name forges a line, a cell or a color", () => {
  const { output, out, err } = watched();
  output.note("left out a\ncopied secret.csv: 4 kB\u001b[32m: it is a pipe");
  expect(err()).toBe("left out a copied secret.csv: 4 kB[32m: it is a pipe\n");
  output.line("b\r\u2028c\u202e");
  output.record(["x\ty", "z\n"]);
  output.table(["name"], [["p\nq"]]);
  expect(out()).toBe("b c\nx y\tz \nname\np q\n");
});

test("a log keeps its lines, and JSON its characters, escaped", () => {
  const { output, out } = watched();
  output.lines("one\n\ttwo\u202e");
  output.jsonLine({ a: "\u202e\u{e0041}\ud800\n" });
  const [one, two, json = ""] = out().split("\n");
  expect([one, two]).toEqual(["one", "\ttwo"]);
  expect(json).toBe('{"a":"\\u202e\\udb40\\udc41\\ud800\\n"}');
  expect(JSON.parse(json)).toEqual({ a: "\u202e\u{e0041}\ud800\n" });
});
