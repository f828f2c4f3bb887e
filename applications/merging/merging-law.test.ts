import fc from "fast-check";
import { parse as parseJson } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { renderTree, type TreeFormat } from "../formats/index.ts";
import { gitConfig } from "./git-config.ts";
import { mergedText } from "./merged-text.ts";
import { plainIni } from "./plain-ini.ts";
import { properties } from "./properties.ts";
import { type Manner, type Tree, wantedTree } from "./tree.ts";

/** The law: what is merged says what it said, with the persona's keys and nothing else changed; comments stay in their order; twice is once. */

/** Where the project has no second reader of a format, its own is held to `formats.test.ts` and to Git. */
const READERS: Readonly<Record<TreeFormat, (text: string) => Tree>> = {
  json: (text) => parseJson(text, [], { allowTrailingComma: true }),
  yaml: (text) => parseYaml(text, { merge: true }) ?? {},
  toml: (text) => parseToml(text),
  ini: plainIni.read,
  gitconfig: gitConfig.read,
  properties: properties.read,
};
const AS_READ: Partial<Record<TreeFormat, (keys: Tree) => Tree>> = {
  ini: plainIni.asRead,
  gitconfig: gitConfig.asRead,
  properties: properties.asRead,
};

const key = fc.constantFrom("a", "b", "c", "d", "key-1");
const section = fc.constantFrom("s", "t", "u");
const word = fc.stringMatching(/^[a-z][a-z0-9 ._/-]{0,8}[a-z0-9]$/);
const scalar = fc.oneof(word, fc.integer({ min: -999, max: 999 }), fc.boolean());
const members = fc.dictionary(key, scalar, { maxKeys: 4, noNullPrototype: true });
const sections = fc.dictionary(section, fc.dictionary(key, scalar, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), {
  maxKeys: 3,
  noNullPrototype: true,
});
const topAndSections = fc.tuple(members, sections).map(([top, below]) => ({ ...top, ...below }));
const odd = fc.oneof(
  scalar,
  fc.string({ maxLength: 8 }),
  fc.array(scalar, { maxLength: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);
const deep = fc.letrec<{ tree: Tree; value: unknown }>((tie) => ({
  tree: fc.dictionary(fc.oneof(key, fc.string({ minLength: 1, maxLength: 4 })), tie("value"), {
    maxKeys: 4,
    noNullPrototype: true,
  }) as fc.Arbitrary<Tree>,
  value: fc.oneof({ maxDepth: 3 }, odd, tie("tree")),
})).tree;

const KEYS: Readonly<Record<TreeFormat, fc.Arbitrary<Tree>>> = {
  json: deep,
  yaml: deep,
  toml: deep,
  ini: topAndSections,
  gitconfig: sections,
  properties: topAndSections,
};
const COMMENT: Readonly<Record<TreeFormat, string>> = { json: "//", yaml: "#", toml: "#", ini: ";", gitconfig: "#", properties: "#" };

/** A person's file: as rendered, with comments of its own on lines between, blank lines, and another line end. */
function personsFile(format: TreeFormat, tree: Tree, { every, crlf, ended }: { every: number; crlf: boolean; ended: boolean }): string {
  const lines = renderTree(format, tree).trimEnd().split("\n");
  // a line of a text of several lines is no place for a comment
  const plain = !/'''|"""|[|>][-+0-9]*$/m.test(lines.join("\n"));
  const dressed = plain
    ? lines.flatMap((line, index) => (index % every === 0 ? ["", `${COMMENT[format]} comment ${index}`, line] : [line]))
    : lines;
  return dressed.join(crlf ? "\r\n" : "\n") + (ended ? (crlf ? "\r\n" : "\n") : "");
}

const dress = fc.record({ every: fc.integer({ min: 1, max: 4 }), crlf: fc.boolean(), ended: fc.boolean() });
const manner = fc.constantFrom<Manner>("default", "enforced");

function comments(text: string): string[] {
  return [...text.matchAll(/(?:\/\/|[#;]) comment \d+/g)].map(([found]) => found);
}

describe.each(Object.keys(READERS) as TreeFormat[])("%s", (format) => {
  const read = READERS[format];
  const asRead = AS_READ[format] ?? ((keys: Tree) => keys);

  test("the law", () => {
    let made = 0;
    fc.assert(
      fc.property(KEYS[format], KEYS[format], dress, manner, (own, keys, how, one) => {
        const file = personsFile(format, own, how);
        const { text, left } = mergedText(Buffer.from(file), { format, keys, manner: one });
        if (left !== undefined) return;
        made += 1;
        const result = Buffer.from(text).toString();
        expect(read(result)).toEqual(wantedTree(file.trim() === "" ? {} : read(file), asRead(keys), one));
        expect(comments(result)).toEqual(comments(file));
        expect(/(?<!\r)\n/.test(result) && /\r\n/.test(result)).toBe(false);
        const again = mergedText(text, { format, keys, manner: one });
        expect(Buffer.from(again.text ?? []).toString()).toBe(result);
      }),
      { numRuns: 150 },
    );
    expect(made).toBeGreaterThan(60);
  });

  test("whatever the person's file is, it is merged lawfully or left", () => {
    const broken = fc
      .tuple(KEYS[format], dress, fc.nat(), fc.stringMatching(/^[\]["'\\#;:=,{}\n\r\t &*|>!%-]{0,4}$/))
      .map(([own, how, at, noise]) => {
        const file = personsFile(format, own, how);
        const place = at % (file.length + 1);
        return file.slice(0, place) + noise + file.slice(place + (at % 3));
      });
    fc.assert(
      fc.property(broken, KEYS[format], manner, (file, keys, one) => {
        const { text, left } = mergedText(Buffer.from(file), { format, keys, manner: one });
        if (left !== undefined) return;
        const again = mergedText(text, { format, keys, manner: one });
        expect(Buffer.from(again.text ?? []).toString()).toBe(Buffer.from(text).toString());
      }),
      { numRuns: 150 },
    );
  });
});
