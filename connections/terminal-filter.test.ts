import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TerminalFilter } from "./terminal-filter.ts";

const ESC = "\u001b";
const raw = (text: string) => Buffer.from(text, "latin1");
const utf8 = (text: string) => Buffer.from(text, "utf8");
const filtered = (bytes: Buffer) => new TerminalFilter().push(bytes);
const shown = (bytes: Buffer) => filtered(bytes).toString("latin1").replaceAll("\0", "");

const KEPT = [
  ["letters of every kind", utf8("Größe — 漢字 🙂 é\r\n")],
  ["colors and movements", raw(`${ESC}[1;31mred${ESC}[0m${ESC}[2J${ESC}[10;5H${ESC}[?1049h${ESC}(B${ESC}7${ESC}8${ESC}M`)],
  ["a title", utf8(`${ESC}]0;Übersicht Ý\u0007text${ESC}]2;x${ESC}\\`)],
  ["a link", raw(`${ESC}]8;;https://example.org/${ESC}\\here${ESC}]8;;${ESC}\\`)],
  ["a color that is asked for", raw(`${ESC}]11;?${ESC}\\`)],
  ["a prompt", raw(`${ESC}]133;A\u0007$ `)],
  ["controls of the second kind that move", raw("\u009b1mA\u0085")],
] as const;

const DROPPED: readonly (readonly [string, ...Buffer[]])[] = [
  ["the clipboard", raw(`${ESC}]52;c;c2VjcmV0\u0007`)],
  ["the clipboard, ended otherwise", raw(`${ESC}]52;c;c2VjcmV0${ESC}\\`)],
  ["a question for the clipboard", raw(`${ESC}]52;c;?\u0007`)],
  ["the clipboard by a control of one byte", raw("\u009d52;c;c2VjcmV0\u009c")],
  ["the clipboard by a control of two bytes", utf8("\u009d52;c;c2VjcmV0\u009c")],
  ["the clipboard behind a title that has no end", raw(`${ESC}]0;x`), raw(`${ESC}]52;c;c2VjcmV0\u0007`)],
  ["the clipboard with noughts before it", raw(`${ESC}]052;c;c2VjcmV0\u0007`)],
  ["the clipboard with many noughts", raw(`${ESC}]000000052;c;c2VjcmV0\u0007`)],
  ["a file", raw(`${ESC}]1337;File=name=eA==;inline=0:c2VjcmV0\u0007`)],
  ["a file of another terminal's", raw(`${ESC}]5113;ac=send;c2VjcmV0${ESC}\\`)],
  ["the clipboard of another terminal's", raw(`${ESC}]5522;type=write;c2VjcmV0${ESC}\\`)],
  ["device control", raw(`${ESC}Pq#0;c2VjcmV0${ESC}\\`)],
  ["a picture", raw(`${ESC}_Gf=100;c2VjcmV0${ESC}\\`)],
  ["a private message", raw(`${ESC}^c2VjcmV0${ESC}\\`)],
  ["a string", raw(`${ESC}Xc2VjcmV0${ESC}\\`)],
  ["device control of one byte", raw("\u0090c2VjcmV0\u009c")],
  ["application command of two bytes", utf8("\u009fc2VjcmV0\u009c")],
  ["a command without a number", raw(`${ESC}];c2VjcmV0\u0007`)],
  ["a palette", raw(`${ESC}]Pc2VjcmV0\u0007`)],
];

test.each(KEPT)("%s stay as they are", (_, bytes) => expect(filtered(bytes)).toEqual(bytes));

describe.each(DROPPED)("%s", (...row) => {
  const pieces = row.slice(1) as Buffer[];
  test("is taken out, and what follows is there", () => {
    const filter = new TerminalFilter();
    const out = [...pieces, raw("after")].map((piece) => filter.push(piece));
    const text = Buffer.concat(out).toString("latin1");
    expect(text.replaceAll("\0", "")).not.toMatch(/c2Vj|52;|1337/);
    expect(text.endsWith("after")).toBe(true);
    expect(text.length).toBe(Buffer.concat([...pieces, raw("after")]).length);
  });
});

test("a byte that belongs to a letter is no control", () => {
  // Ý ends with 0x9d, and Р with 0xa0; 0x90 is in 漐.
  for (const letter of ["Ý52;c;x", "ÐP", "漐", "🐐"]) expect(filtered(utf8(letter))).toEqual(utf8(letter));
});

test("wherever the pieces are cut, the same comes out", () => {
  const whole = Buffer.concat([...KEPT.map(([, bytes]) => bytes), ...DROPPED.flatMap(([, ...pieces]) => pieces)]);
  const expected = filtered(whole);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (lengths) => {
      const filter = new TerminalFilter();
      const out: Buffer[] = [];
      for (let at = 0, index = 0; at < whole.length; index++) {
        const length = lengths[index % lengths.length] ?? 1;
        out.push(filter.push(whole.subarray(at, at + length)));
        at += length;
      }
      expect(Buffer.concat(out)).toEqual(expected);
    }),
  );
});

test("whatever a program writes, no introducer of a string comes out", () => {
  const pieces = fc.array(
    fc.constantFrom(ESC, "]", "5", "2", "0", ";", "P", "_", "\\", "\u0007", "\u0090", "\u009d", "\u009c", "\u00c2", "\u00c3", "x"),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const out = shown(raw(parts.join("")));
      // 0x90 behind 0xc3 is half a letter.
      expect(out).not.toMatch(new RegExp(`${ESC}[P_]|${ESC}\\][^02]|(?<!\u00c3)\u0090`));
    }),
    { numRuns: 2000 },
  );
});
