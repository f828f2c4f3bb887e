import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parse as parseIni } from "ini";
import { parse as parseToml } from "smol-toml";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { FormatError } from "./format-error.ts";
import { renderLines, renderTree } from "./index.ts";

const key = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const tree = fc.dictionary(key, fc.oneof(scalar, fc.array(fc.string()), fc.dictionary(key, scalar)), { noNullPrototype: true });

test("what is written as JSON, YAML and TOML is read back the same by independent readers", () => {
  fc.assert(
    fc.property(tree, (value) => {
      expect(JSON.parse(renderTree("json", value))).toEqual(value);
      expect(parseYaml(renderTree("yaml", value))).toEqual(value);
      expect(parseToml(renderTree("toml", value))).toEqual(value);
    }),
  );
});

test("YAML texts that an older reader would take for a boolean or a time are quoted", () => {
  expect(parseYaml(renderTree("yaml", { a: "no", b: "on", c: "12:30" }), { version: "1.1" })).toEqual({ a: "no", b: "on", c: "12:30" });
});

const plainWord = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9 ./:=_-]{0,20}[A-Za-z0-9]$/)
  .filter((text) => !["true", "false", "null"].includes(text));

test("INI keeps sections and values apart, without quotes", () => {
  fc.assert(
    fc.property(
      fc.dictionary(key, fc.dictionary(key, plainWord, { minKeys: 1, noNullPrototype: true }), { noNullPrototype: true }),
      (value) => {
        expect(structuredClone({ ...parseIni(renderTree("ini", value)) })).toEqual(value);
      },
    ),
  );
});

test("Git reads every text from its own format as it was given", () => {
  const folder = mkdtempSync(join(tmpdir(), "guise-gitconfig-"));
  const file = join(folder, "config");
  const text = fc.string({ unit: fc.constantFrom("a", "Z", "0", " ", '"', "\\", "#", ";", "=", "'", "é", "$", "[", "\t"), maxLength: 30 });
  try {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (values) => {
        writeFileSync(file, renderTree("gitconfig", { user: { name: values }, diff: { 'a "b"': { tool: "x" } } }));
        const read = execFileSync("git", ["config", "--file", file, "--null", "--get-all", "user.name"], { encoding: "utf8" });
        expect(read.split("\0").slice(0, -1)).toEqual(values);
      }),
      { numRuns: 25 },
    );
    expect(execFileSync("git", ["config", "--file", file, 'diff.a "b".tool'], { encoding: "utf8" })).toBe("x\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("properties escape what Java would take for something else", () => {
  expect(renderTree("properties", { "a b": "x=1\n", c: { d: "ü" }, e: true })).toBe("a\\ b=x=1\\n\nc.d=\\u00fc\ne=true\n");
});

test.each([
  ["ini", { a: "one\ntwo" }],
  ["ini", { a: " x" }],
  ["ini", { a: { b: { c: 1 } } }],
  ["ini", { "a]": { b: 1 } }],
  ["ini", { "a=b": 1 }],
  ["ini", { a: null }],
  ["gitconfig", { a: 1 }],
  ["gitconfig", { a: { "b c": 1 } }],
  ["gitconfig", { a: { b: "x\ny" } }],
  ["gitconfig", { 'a"]\n[b': { c: 1 } }],
  ["toml", { a: null }],
  ["properties", { a: [1] }],
] as const)("%s refuses what it cannot hold: %j", (format, value) => {
  expect(() => renderTree(format, value)).toThrow(FormatError);
});

test("a line cannot become two", () => {
  expect(renderLines(["--a", "b c"])).toBe("--a\nb c\n");
  expect(() => renderLines(["a\nb"])).toThrow(FormatError);
});
