import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, digestOf } from "./digest.ts";
import { LEAST } from "./test-context.ts";

test("members are sorted by code units, numbers and texts are ECMAScript's (RFC 8785, 3.2.3)", () => {
  const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
  expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  expect(canonicalJson({ b: [333333333.3333333, 1e30, 4.5, 2e-3], a: undefined })).toBe('{"b":[333333333.3333333,1e+30,4.5,0.002]}');
});

test("canonical JSON says the same, whatever the order", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true }), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonicalJson(value));
    }),
  );
});

test("a definition's digest changes with each of its words and not with their order", () => {
  const digest = digestOf(LEAST);
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  const { persona_id, ...rest } = LEAST;
  expect(digestOf({ ...rest, persona_id })).toBe(digest);
  expect(digestOf({ ...LEAST, persona_name: "Other" })).not.toBe(digest);
});
