import { globSync, readFileSync } from "node:fs";
import { parseAst } from "vite";
import { describe, expect, test } from "vitest";
import { COMPONENTS } from "./components.ts";
import { growthReason, type Written } from "./regex-growth.ts";

/** Every regular expression of the product, with its file: all of them may meet a text of strangers one day. */
const files = new Set(
  COMPONENTS.flatMap(({ folder }) => globSync(`${folder}/**/*.{ts,tsx,mjs}`, { exclude: (name) => name.includes("node_modules") })),
);

function isProduct(file: string): boolean {
  return !/\.(?:test|fixture|long)\.tsx?$|\/test-support\/|contract-suite|conformance/.test(file);
}

function expressionsIn(file: string): Written[] {
  const found: Written[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("regex" in node) {
      const { pattern, flags } = node.regex as { pattern: string; flags: string };
      found.push({ source: pattern, flags });
    } else for (const member of Object.values(node)) visit(member);
  };
  visit(parseAst(readFileSync(file, "utf8"), { lang: file.endsWith("x") ? "tsx" : "ts" }, file));
  return found;
}

const expressions = [...files].filter(isProduct).flatMap((file) => expressionsIn(file).map((written) => ({ file, ...written })));

describe("regular expressions take time that grows with the text and no faster", () => {
  test("there is something to check", () => expect(expressions.length).toBeGreaterThan(150));

  test("all of the product's", () => {
    const slow = expressions.flatMap(({ file, ...written }) => {
      const reason = growthReason(written);
      return reason === undefined ? [] : [`${file}: /${written.source}/${written.flags} is ${reason}`];
    });
    expect(slow).toEqual([]);
  });

  test.each([/(a|a)*b/, /^(a+)+$/, /\s+$/, /^\s*x/m, /-+$/, /\$\{a:([^}]*)\}/, /\/-\/.*$/, /^a*a*$/, /x*y/].map((one) => [one]))(
    "%s is found out",
    (slow) => expect(growthReason(slow)).toBeDefined(),
  );

  test.each(
    [/^\s*x/, /^[a-z]+$/, /\$\{a:([^$}]*)\}/, /"[^"]{0,100}"/, /[a-z]+/g, /^x.*$/m, /a.*/s, /"[^"]*"/, /^(?:[a-z]+-)*[a-z]+$/].map(
      (one) => [one],
    ),
  )("%s is not", (linear) => expect(growthReason(linear)).toBeUndefined());
});
