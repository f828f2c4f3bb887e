import fc from "fast-check";
import { expect, test } from "vitest";
import { readDocument } from "./read-document.ts";

function pathsOf(text: string): string[] {
  return (readDocument(text).problems ?? []).map(({ path, code }) => `${code} ${path}`);
}

test("JSON is read as JSON.parse reads it", () => {
  const plain = fc
    .jsonValue({ maxDepth: 5, noUnicodeString: false })
    .filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)));
  fc.assert(
    fc.property(plain, (value) => {
      const text = JSON.stringify(value);
      expect(readDocument(text)).toEqual({ document: JSON.parse(text) });
    }),
  );
});

test.each([
  ['{"a": 1,\n "b" 2}', ["syntax line 2, column 6"]],
  ["", ["syntax line 1, column 1"]],
  ['{"a": 1,}', ["syntax line 1, column 9"]],
  ['// no\n{"a": 1}', ["syntax line 1, column 1"]],
  ['{"a": tru}', ["syntax line 1, column 7"]],
  ['{"a": {"b": 1, "b": 2}}', ["syntax $.a.b"]],
  ['{"__proto__": {}}', ["unknown_field $.__proto__"]],
  ['{"a": [{"constructor": 1}, {"prototype": 1}]}', ["unknown_field $.a[0].constructor", "unknown_field $.a[1].prototype"]],
  ['{"\\u005f_proto__": {}}', ["unknown_field $.__proto__"]],
])("%j has the problems %j", (text, problems) => {
  expect(pathsOf(text)).toEqual(problems);
});

test("32 levels are read and 33 are not, and depth in texts does not count", () => {
  expect(pathsOf("[".repeat(32) + "]".repeat(32))).toEqual([]);
  expect(pathsOf("[".repeat(33) + "]".repeat(33))).toEqual(["too_large line 1, column 33"]);
  expect(pathsOf(JSON.stringify({ a: '\\"[[[[{'.repeat(50) }))).toEqual([]);
  expect(pathsOf("[".repeat(200_000))).toEqual(["too_large line 1, column 33"]);
});

test("256 KiB are read and one byte more is not", () => {
  const text = (bytes: number) => JSON.stringify("é".repeat((bytes - 2) / 2));
  expect(pathsOf(text(256 * 1024))).toEqual([]);
  expect(pathsOf(`${text(256 * 1024)} `)).toEqual(["too_large $"]);
  expect(pathsOf(JSON.stringify("x".repeat(2 ** 20)))).toEqual(["too_large $"]);
});

test("half a surrogate pair is not text", () => {
  expect(pathsOf('"\ud800"')).toEqual(["syntax $"]);
});
