import type { FileFormat } from "@guise/contract";
import { describe, expect, test } from "vitest";
import { mergedText } from "./merged-text.ts";
import type { Manner } from "./tree.ts";

type Format = Exclude<FileFormat, "text">;

function merge(format: Format, file: string, keys: Record<string, unknown>, manner: Manner = "enforced"): string {
  const { text, left } = mergedText(Buffer.from(file), { format, keys, manner });
  return left === undefined ? Buffer.from(text).toString() : `left: ${left}`;
}

describe("JSON", () => {
  test("comments, order, commas and indents stay; a comment keeps its place beside its key", () => {
    const file = '// mine\n{\n    "b": 1, // one\n    /* two */ "a": [1, 2], // list\n    "deep": { "x": true }\n    // end\n}\n';
    expect(merge("json", file, { b: 2, deep: { y: "z" }, new: { of: [1] } })).toBe(
      '// mine\n{\n    "b": 2, // one\n    /* two */ "a": [1, 2], // list\n    "deep": { "x": true, "y": "z" },\n    "new": {\n        "of": [\n            1\n        ]\n    }\n    // end\n}\n',
    );
  });

  test.each([
    ['{"a":1}', '{"a":1, "k": 5}'],
    ['{ "a": 1, }', '{ "a": 1, "k": 5, }'],
    ['{ "a": 1 // c\n}', '{ "a": 1, // c\n  "k": 5\n}'],
    ['{\n\t"a": 1, // c\n}', '{\n\t"a": 1, // c\n\t"k": 5,\n}'],
    ['{\n  "a": 1\n  , "b": 2\n}', '{\n  "a": 1\n  , "b": 2, "k": 5\n}'],
    ["{}", '{\n  "k": 5\n}'],
    ["{\n  // empty\n}", '{\n  // empty\n  "k": 5\n}'],
    ["{ // empty\n}\n", '{ // empty\n  "k": 5\n}\n'],
    ["{ /* empty */ }", '{ /* empty */ \n  "k": 5\n}'],
    ['\ufeff{\r\n  "a": 1\r\n}\r\n', '\ufeff{\r\n  "a": 1,\r\n  "k": 5\r\n}\r\n'],
    ["", '{\n  "k": 5\n}\n'],
    ['{"k": [1 // c\n]}', "left: not_mergeable"],
    ['{"k": {"mine": 1}}', "left: not_mergeable"],
    ['{"k":null}', '{"k":5}'],
    ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1}, "k": 5}'],
  ])("a key comes into %j", (file, expected) => expect(merge("json", file, { k: 5 })).toBe(expected));

  test.each([
    ['{"k":1,"k":2}', "not_readable"],
    ["[1]", "not_readable"],
    ['{"a": }', "not_readable"],
    ["[".repeat(100_000), "not_readable"],
    [`{"a":${"[".repeat(60_000)}`, "not_readable"],
  ])("%.20j is left", (file, reason) => expect(merge("json", file, { k: 5 })).toBe(`left: ${reason}`));
});

describe("TOML", () => {
  test("tables, dotted keys, comments and blanks stay; a key goes where its table is", () => {
    const file =
      '# head\ntitle = "x" # t\nowner.name = "me"\n\n# about a\n[a]\n  k = [\n    1,\n  ] # end\n\n[a.b]\nd = 1979-05-27\n\n[[list]]\nk = 1\n';
    expect(merge("toml", file, { title: "y", owner: { mail: "m" }, a: { k: [2], n: true }, c: { d: { e: 1 } } })).toBe(
      '# head\ntitle = "y" # t\nowner.name = "me"\nowner.mail = "m"\n\n# about a\n[a]\n  k = [2] # end\n  n = true\n\n[a.b]\nd = 1979-05-27\n\n[[list]]\nk = 1\n\n[c.d]\ne = 1\n',
    );
  });

  test.each([
    ["# c\n[a]\nx = 1\n", { k: 1 }, "k = 1\n# c\n[a]\nx = 1\n"],
    ["# head\n\n# c\n[a]\r\nx = 1", { k: 1 }, "# head\n\nk = 1\n# c\n[a]\r\nx = 1\n"],
    ["a = '''\n[b]\nk = 2'''\r\n", { b: { k: 1 } }, "a = '''\n[b]\nk = 2'''\r\n\n[b]\nk = 1\n"],
    ['"a b".c = 1', { "a b": { c: 2, 'd"': 1 } }, '"a b".c = 2\n"a b"."d\\"" = 1\n'],
    ["[a.b]\nx = 1\n", { a: { k: 1 } }, "[a.b]\nx = 1\n\n[a]\nk = 1\n"],
    ["a = 1\n", { a: { b: { c: [1, "x"] } } }, "left: not_mergeable"],
    ["a = { x = 1 }\n", { a: { k: 1 } }, "left: not_mergeable"],
    ["a = { x = 1 }\n", { a: { x: 1 } }, "a = { x = 1 }\n"],
    ["[[a]]\nx = 1\n", { a: { k: 1 } }, "left: not_mergeable"],
    ["[a]\nx = 1\n", { a: 1 }, "left: not_mergeable"],
    ["a = [ # why\n1]\n", { a: [2] }, "left: not_mergeable"],
    ["a = 1\na = 2\n", { b: 1 }, "left: not_readable"],
  ])("%j with %j", (file, keys, expected) => expect(merge("toml", file, keys)).toBe(expected));
});

describe("YAML", () => {
  test("anchors, comments, order, quotes and indents stay", () => {
    const file =
      "# head\nbase: &base   # kept\n    x: 1\n    'y':   \"two\"\nuses:\n    <<: *base\n    z: [1,   2]  # list\nlist:\n- a\n- b\ntext: |\n    one\n    two\nlast: ~\n";
    expect(merge("yaml", file, { uses: { x: 5, z: [3] }, list: ["c"], text: "no", last: 1, new: { a: { b: "on" } } })).toBe(
      '# head\nbase: &base   # kept\n    x: 1\n    \'y\':   "two"\nuses:\n    <<: *base\n    z: [3]  # list\n    x: 5\nlist: ["c"]\ntext: "no"\nlast: 1\nnew:\n  a:\n    b: "on"\n',
    );
  });

  test.each([
    ["base: &b { x: 1 }\nuse: *b\n", { base: { x: 2 } }, "left: not_mergeable"],
    ["base: &b\n  x: 1\nuse: *b\n", { use: { x: 2 } }, "left: not_mergeable"],
    ["base: &b\n  x: 1\nuse: *b\n", { use: 3 }, "left: not_mergeable"],
    ["base: &b\n  x: 1\n", { base: { x: 2 } }, "base: &b\n  x: 2\n"],
    ["a: 1\n---\nb: 1\n", { a: 2 }, "left: not_readable"],
    ["a: 1\na: 2\n", { a: 2 }, "left: not_readable"],
    ["- a\n", { a: 2 }, "left: not_readable"],
    ["# only\r\n", { a: { b: 1 } }, "# only\r\na:\r\n  b: 1\r\n"],
    ["list:\n- a   # first\n- b\n", { list: [] }, "left: not_mergeable"],
    ["a:\n  b: 1\n", { a: 1 }, "left: not_mergeable"],
    ["a:\n", { a: 1 }, "a: 1\n"],
    ["a: # why\n", { a: 1 }, "a: 1 # why\n"],
    ["a: # why\n  - x\nb: 1\n", { a: [1] }, "a: [1] # why\nb: 1\n"],
    ["{a: 1}\n", { b: "x y" }, '{"b": x y, a: 1}\n'],
    ["a: {}\n", { a: { b: 1 } }, 'a: {"b": 1}\n'],
    ["a:\r\n  b: 1\r\n# end", { a: { c: 2 } }, "a:\r\n  b: 1\r\n  c: 2\r\n# end\r\n"],
    ["a:\n  b: |\n    x\n\n\nc: 1\n", { a: { d: 1 } }, "a:\n  b: |\n    x\n  d: 1\n\n\nc: 1\n"],
    ["%YAML 1.1\n---\na: yes\n", { b: "yes" }, '%YAML 1.1\n---\na: yes\nb: "yes"\n'],
    ["a: !secret x\n", { b: 1 }, "a: !secret x\nb: 1\n"],
    ["---\na: 1\n...\n", { b: 1 }, "---\na: 1\nb: 1\n...\n"],
  ])("%j with %j", (file, keys, expected) => expect(merge("yaml", file, keys)).toBe(expected));

  test("several keys at once, in one object and below it", () => {
    const file = "a:\n  b:\n    c: 1\nflow: {x: 1}\nempty: {}\n";
    const keys = { a: { b: { c: 2, d: 3 }, e: 4 }, flow: { x: 2, y: 3, z: 4 }, empty: { k: 1, l: 2 }, last: 5 };
    expect(merge("yaml", file, keys)).toBe(
      'a:\n  b:\n    c: 2\n    d: 3\n  e: 4\nflow: {"z": 4, "y": 3, x: 2}\nempty: {"l": 2, "k": 1}\nlast: 5\n',
    );
  });

  test("an alias that stands for more and more is left", () => {
    const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(",")}]\n`).join("")}`;
    expect(merge("yaml", bomb, { k: 1 })).toBe("left: not_readable");
  });
});

describe("INI", () => {
  test("repeated sections, comments, signs and blanks stay; what may be a comment becomes a line of its own", () => {
    const file = "; head\r\n[a]\r\nx = 1\r\n\r\n[b]\r\n# about y\r\ny = 2 ; two\r\n[a]\r\nz = 3\r\n; end\r\n";
    expect(merge("ini", file, { a: { x: 9, n: true }, b: { y: "n" }, c: { d: 1 }, top: 0 })).toBe(
      "top = 0\r\n; head\r\n[a]\r\nx = 9\r\n\r\n[b]\r\n# about y\r\n; two\r\ny = n\r\n[a]\r\nz = 3\r\nn = true\r\n; end\r\n\r\n[c]\r\nd = 1\r\n",
    );
  });

  test.each([
    ["[a]\nx: 1\n", { a: { x: 2 } }, "[a]\nx: 2\n"],
    ["[a]\nx=1\nx=2\n", { a: { x: 3 } }, "left: not_mergeable"],
    ["[a]\nx=1\nx=2\n", { a: { y: 3 } }, "[a]\nx=1\nx=2\ny=3\n"],
    ["[a]\nx = 1\n  y = 2\n", { a: { y: 3 } }, "left: not_mergeable"],
    ["[a]\nx = 1\n  2\nz=1\n", { a: { x: 3 } }, "[a]\nx = 3\nz=1\n"],
    ["[a]\nx = \\\nb = 1\n", { a: { b: 2 } }, "left: not_mergeable"],
    ["[a]\nX = 1\n", { a: { x: 2 } }, "left: not_mergeable"],
    ["[A]\nx = 1\n", { a: { x: 2 } }, "left: not_mergeable"],
    ["[a]\nalone\n", { a: { alone: 2 } }, "left: not_mergeable"],
    ["[a\nx=1\n", { a: { x: 2 } }, "left: not_readable"],
    ["[a] x\n", { a: { x: 2 } }, "left: not_readable"],
    ["[a]", { a: { x: 2 } }, "[a]\nx=2\n"],
  ])("%j with %j", (file, keys, expected) => expect(merge("ini", file, keys)).toBe(expected));
});

describe("Git's configuration", () => {
  test("names in any letters, subsections, quotes, comments and lists", () => {
    const file = '[User]\n\tName = "Old \\"One\\"" # me\n[remote "Origin"]\n    fetch = a \\\n b\n    fetch = c\n[core]\n\tbare\n';
    expect(
      merge("gitconfig", file, {
        user: { name: "New # One", email: "a@b" },
        remote: { Origin: { fetch: ["x", "y", "z"] }, origin: { url: "u" } },
        core: { bare: false },
      }),
    ).toBe(
      '[User]\n\tName = "New # One" # me\n\temail = a@b\n[remote "Origin"]\n    fetch = x\n    fetch = y\n    fetch = z\n[core]\n\tbare = false\n\n[remote "origin"]\n\turl = u\n',
    );
  });

  test.each([
    ["[a]\nx = 1\nx = 2\n", { a: { x: 3 } }, "left: not_mergeable"],
    ["[a] x = 1\n", { a: { x: 3 } }, "left: not_readable"],
    ["x = 1\n", { a: { x: 3 } }, "x = 1\n\n[a]\n\tx = 3\n"],
  ])("%j with %j", (file, keys, expected) => expect(merge("gitconfig", file, keys)).toBe(expected));
});

describe("properties", () => {
  test.each([
    ["# c\na=1\n! d\nb : 2\\\n   3\nc\n", { a: 5, b: "x y", c: "é", d: { e: " f" } }, "# c\na=5\n! d\nb : x y\nc=\\u00e9\nd.e=\\ f\n"],
    ["a=1\r\na=2\r\n# end", { a: 3 }, "a=1\r\na=3\r\n# end\r\n"],
    ["a\\ b=1\n", { "a b": 2 }, "a\\ b=2\n"],
    ["a=\\u00zz\n", { b: 1 }, "left: not_readable"],
  ])("%j with %j", (file, keys, expected) => expect(merge("properties", file, keys)).toBe(expected));
});

test("a default adds what is missing, and what the person has stays", () => {
  expect(merge("json", '{"a": {"x": 1}, "b": []}', { a: { x: 2, y: 3 }, b: { c: 1 }, d: null }, "default")).toBe(
    '{"a": {"x": 1, "y": 3}, "b": [], "d": null}',
  );
  expect(merge("ini", "[a]\nx=1\nx=2\n", { a: { x: 3, y: 4 } }, "default")).toBe("[a]\nx=1\nx=2\ny=4\n");
});

test("what is no text, or too large, is left", () => {
  const merging = { format: "ini", keys: { a: 1 }, manner: "enforced" } as const;
  expect(mergedText(Buffer.from([0xff, 0xfe]), merging)).toEqual({ left: "not_text" });
  expect(mergedText(Buffer.from("a\0"), merging)).toEqual({ left: "not_text" });
  expect(mergedText(Buffer.alloc(2 ** 18 + 1, "#"), merging)).toEqual({ left: "too_large" });
});
