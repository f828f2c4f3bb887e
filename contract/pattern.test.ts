import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAXIMUM_PATTERN_STATES, readPattern } from "./pattern.ts";

const matches = (pattern: string, text: string) => readPattern(pattern).pattern?.matches(text);

describe("a pattern", () => {
  test.each([
    ["[0-9]{4}-[0-9]{2}", "2026-01", true],
    ["[0-9]{4}-[0-9]{2}", "2026-01-01", false],
    ["a|bc", "ab", false],
    ["^a$", "a", true],
    ["(?i)eu", "EU", true],
    ["\\p{L}{1,5}", "Größe", true],
    [".{2}", "🙂🙂", true],
    ["", "", true],
  ])("%j matches the whole of %j: %j", (pattern, text, whole) => expect(matches(pattern, text)).toBe(whole));

  // each of these keeps a backtracking engine busy for longer than anybody lives
  test.each(["(a|a)".repeat(40), "(a+)+b", "(a|aa)+b", "(.*)(.*)(.*)(.*)(.*)(.*)b", "(a?){0,50}a{50}b"])("%s is answered", (pattern) => {
    expect(matches(pattern, "a".repeat(256))).toBe(false);
  });

  test.each([
    ["x(?=a)", "looks ahead or behind at character 2"],
    ["(?!x)", "looks ahead or behind at character 1"],
    ["x(?<=a)b", "looks ahead or behind at character 2"],
    ["(?<!a)b", "looks ahead or behind at character 1"],
    ["(a)\\1", "refers back to a group at character 4"],
    ["(?<q>a)\\k<q>", "refers back to a group at character 8"],
    ["a++", "forbids to try again at character 2"],
    ["(?>a)", "forbids to try again at character 1"],
    ["(a)(?(1)b)", "depends on a group, or calls itself at character 4"],
    ["a\\u0041", 'invalid escape sequence at character 2 ("\\u")'],
    ["(", "missing closing )"],
  ])("%s is refused by the name of what it wants", (pattern, reason) => {
    expect(readPattern(pattern)).toMatchObject({ reason: expect.stringContaining(reason), tooLarge: false });
  });

  test.each(["a{0,1000}".repeat(22), "a{1001}", "((a?){0,30}){0,30}", "x".repeat(201)])("%s is too large", (pattern) =>
    expect(readPattern(pattern)).toMatchObject({ tooLarge: true }),
  );

  test("whatever is written, it is read within its bounds or refused with a reason", () => {
    const atom = fc.constantFrom("a", ".", "[a-z]", "(a|a)", "(a*)", "\\w", "\\p{L}", "(?:ab|a)", "(", ")", "\\", "[", "^", "$", "|");
    const times = fc.constantFrom("", "*", "+", "?", "{2}", "{0,40}", "{1,300}", "*?", "{,3}", "++");
    const written = fc.array(fc.tuple(atom, times), { maxLength: 30 }).map((parts) => parts.flat().join(""));
    fc.assert(
      fc.property(fc.oneof(written, fc.string({ maxLength: 220, unit: "binary" })), (text) => {
        const { pattern, reason } = readPattern(text);
        if (pattern === undefined) expect(reason).not.toBe("");
        else {
          expect(pattern.states).toBeLessThanOrEqual(MAXIMUM_PATTERN_STATES);
          pattern.matches("a".repeat(256));
        }
      }),
    );
  });
});
