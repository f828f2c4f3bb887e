import { expect, test } from "vitest";
import { readJson } from "./json-document.ts";
import { readToml } from "./toml-document.ts";
import { readYaml } from "./yaml-document.ts";

const file = (content: string) => ({ name: "x", content });

test("lines of JSON: of members where their name stands, of a list's items", () => {
  const { whole, lineOf } = readJson(file('\uFEFF{\r\n  // first\r\n  "a": { "b":\r\n 1 },\r\n  "c": [\r\n "x",\r\n "y" ] }'));
  expect(whole).toEqual({ a: { b: 1 }, c: ["x", "y"] });
  expect([lineOf("a"), lineOf("a", "b"), lineOf("c", 0), lineOf("c", 1), lineOf("d")]).toEqual([3, 3, 6, 7, undefined]);
});

test("lines of YAML: of members where their name stands, of a list's items", () => {
  const { whole, lineOf } = readYaml(file("# first\na:\n  b: 1\nc: [x,\n  y]\nd:\n  - z\n  - e:\n    - f\n"));
  expect(whole).toEqual({ a: { b: 1 }, c: ["x", "y"], d: ["z", { e: ["f"] }] });
  expect([lineOf("a"), lineOf("a", "b"), lineOf("c", 0), lineOf("c", 1), lineOf("d", 1, "e", 0)]).toEqual([2, 3, 4, 5, 9]);
});

test("lines of TOML: of tables, keys and items, whatever strings and comments hold", () => {
  const { whole, lineOf } = readToml(
    file(`# [a]
top = """
[a]
x = 1
"""
[a . "b.c"]   # [no]
"k" = 1
list = [ # ["x"]
  "one \\" ]",
  '''two
''', { three = 3, four = [4] },
  [5]
]
dotted.key = '#'
[[t]]
n = 1
[[t]]
n = 2
[t.under]
`),
  );
  expect(Object.keys(whole)).toEqual(["top", "a", "t"]);
  const list = ["a", "b.c", "list"];
  expect([lineOf("top"), lineOf("a", "b.c"), lineOf("a", "b.c", "k"), lineOf(...list)]).toEqual([2, 6, 7, 8]);
  expect([0, 1, 2, 3, 4].map((index) => lineOf(...list, index))).toEqual([9, 10, 11, 12, undefined]);
  expect([lineOf("a", "b.c", "dotted", "key"), lineOf("t"), lineOf("t", 0, "n"), lineOf("t", 1, "n")]).toEqual([14, 15, 16, 18]);
  expect([lineOf("a"), lineOf("x"), lineOf("no")]).toEqual([6, undefined, undefined]);
});

test.each([
  ["JSON", readJson, `{"a": ${"[".repeat(100_000)}`],
  ["JSON", readJson, "1"],
  ["YAML", readYaml, "- x"],
  ["YAML", readYaml, "a: [1"],
  ["TOML", readToml, 'a = """'],
])("%s that is none is refused", (_, read, content) => {
  expect(() => read(file(content))).toThrow();
});
