import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hiddenReason, linesReason, plainLines, plainText, textReason, visibleText } from "./text.ts";

/** Each is a way to forge, to hide, or to look like another or like nothing. */
const HIDDEN = [
  ..."\u0000\u0007\u001b\u007f\u0085\u009b\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029",
  ..."\u202a\u202e\u2060\u2066\u2069\u206f\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9\ufffe\u{1d173}\u{e0001}\u{e0041}\u{e0100}\u{1ffff}",
  "\ud800",
  "\udfff",
];

describe("text of strangers", () => {
  test.each(HIDDEN.map((character) => [(character.codePointAt(0) ?? 0).toString(16), character]))(
    "U+%s is refused, stripped, and shown",
    (number, character) => {
      const text = `a${character}b`;
      expect(textReason(text)).toMatch(new RegExp(`^has U\\+0*${number} at character 2`, "i"));
      expect(linesReason(text)).toBe(hiddenReason(text));
      expect(plainText(text).replace(" ", "")).toBe("ab");
      expect(plainLines(text)).toBe("ab");
      expect(visibleText(text)).toBe(`a\\u{${number}}b`);
    },
  );

  test.each(["", " ", "\u00a0", "\u3000", "\u2003 \u205f", "\u0301"])("%j has nothing to be seen", (text) =>
    expect(textReason(text)).toBe("has nothing that can be seen"),
  );

  test.each([
    "Data Analyst",
    "Größe – «日本語» €5",
    "naïve e\u0301",
    "👩\u200d💻 and 🏳\ufe0f\u200d🌈, 👩🏽\u200d🔬",
    "❤\ufe0f ✈\ufe0e 1\ufe0f\u20e3",
    "می\u200cخواهم",
    "क्\u200dष",
    "\ue0b0 (a private character)",
  ])("%s is as it should be", (text) => {
    expect(textReason(text)).toBeUndefined();
    expect([plainText(text), visibleText(text)]).toEqual([text, text]);
  });

  test.each([
    "a\u200db",
    "👩\u200d",
    "\u200d💻",
    "👩\u200d\u200d💻",
    "❤\ufe0f\ufe0f",
    "1\ufe0f",
    "می\u200c",
    "می\u200c\u200cخ",
    "🏴\u{e0067}\u{e007f}",
  ])("%j has a joiner or a selector out of its place", (text) => expect(textReason(text)).toMatch(/^has U\+/));

  test("line breaks and tabs belong to lines, and to no name", () => {
    expect(linesReason("a\n\tb")).toBeUndefined();
    expect(hiddenReason("a\nb")).toBe("has U+000A at character 2: no control, direction or invisible characters");
    expect(plainLines("a\r\n\tb\u2028c\rd")).toBe("a\n\tbcd");
    expect(plainText("ok\ncopied evil\r\n\u2028\tx")).toBe("ok copied evil x");
  });

  test("whatever it was, what is shown has nothing hidden, and is shown the same again", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...HIDDEN, "👩", "\n", "ا", "❤"), fc.string({ unit: "binary" }))), (parts) => {
        const text = parts.join("");
        expect(hiddenReason(plainText(text))).toBeUndefined();
        expect(linesReason(plainLines(text))).toBeUndefined();
        expect(hiddenReason(visibleText(text))).toBeUndefined();
        expect(plainText(plainText(text))).toBe(plainText(text));
      }),
    );
  });

  test("long text is cut where it is shown", () => expect(plainText("x".repeat(5000), 10)).toBe(`${"x".repeat(10)}…`));
});
