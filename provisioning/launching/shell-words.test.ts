import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellVariables, shellWords } from "./shell-words.ts";

const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
const NASTY = ["", "'", "''", '"', "\\", "a b", "$(id)", "`id`", "*", "\n", "-n", "~", "!x", "a'b'c", "é\u{1f600}"];

function given(script: string): string[] {
  const out = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" });
  return out.split("\0").slice(0, -1);
}

test("a shell sees exactly the given arguments", () => {
  expect(given(`printf '%s\\0' ${shellWords(NASTY)}`)).toEqual(NASTY);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (words) => {
      const printable = words.map((word) => Buffer.from(word).toString());
      expect(given(`printf '%s\\0' ${shellWords(printable)}`)).toEqual(printable);
    }),
    { numRuns: 50 },
  );
});

test("a shell that sources the variables has exactly their values", () => {
  const variables = Object.fromEntries(NASTY.map((value, index) => [`V_${index}`, value]));
  const script = `${shellVariables(variables)}for name in ${Object.keys(variables).join(" ")}; do eval "printf '%s\\\\0' \\"\\$$name\\""; done`;
  expect(given(script)).toEqual(NASTY);
});

test("what no shell could hold is refused", () => {
  expect(() => shellWords(["a\0b"])).toThrow(RangeError);
  expect(() => shellVariables({ A: "\0" })).toThrow(RangeError);
  for (const name of ["", "1A", "A-B", "A B", "A;id", "A\n"]) expect(() => shellVariables({ [name]: "x" })).toThrow(RangeError);
});
