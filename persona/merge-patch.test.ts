import fc from "fast-check";
import { expect, test } from "vitest";
import { isObject } from "./is-object.ts";
import { mergePatch } from "./merge-patch.ts";

/** Appendix A of RFC 7396. */
const EXAMPLES = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
] as const;

test.each(EXAMPLES)("%j patched by %j is %j", (target, patch, result) => {
  expect(mergePatch(target, patch)).toEqual(result);
});

const json = fc.jsonValue({ maxDepth: 4 });

test("a patch applied twice changes no more than once, and an empty one nothing", () => {
  fc.assert(
    fc.property(json, json, (target, patch) => {
      const once = mergePatch(target, patch);
      expect(mergePatch(once, patch)).toEqual(once);
      if (isObject(target)) expect(mergePatch(target, {})).toEqual(target);
    }),
  );
});

test("arguments stay as they were, and nothing reaches the prototype of objects", () => {
  const hostile = fc.constantFrom(
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"a":{"__proto__":{"polluted":1}}}',
  );
  fc.assert(
    fc.property(json, hostile, (target, text) => {
      const before = JSON.stringify(target);
      const result = mergePatch(target, JSON.parse(text));
      expect(JSON.stringify(target)).toBe(before);
      expect(JSON.stringify(result)).not.toContain("polluted");
      expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    }),
  );
});
