import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteMachine, NotOfProtocol } from "./byte-machine.ts";
import {
  bytes,
  CAPS,
  clipboard,
  cutText,
  FORMAT,
  greeting,
  handshake,
  NOTIFY,
  PROVIDE,
  REQUEST,
  rectangle,
  u16,
  u32,
  update,
  VERSION,
} from "./rfb.fixture.ts";
import { screenInput } from "./screen-input.ts";
import { screenOutput } from "./screen-output.ts";

const output = (clipboardOut = true) => new ByteMachine(screenOutput({ clipboardOut }));
const input = (clipboardIn = true, acted = () => {}) => new ByteMachine(screenInput({ clipboardIn, acted }));

/** After what comes before the first message. */
function displaySays(message: Buffer, clipboardOut = true): Buffer {
  const machine = output(clipboardOut);
  machine.push(greeting());
  return machine.push(message);
}
function personSays(message: Buffer, clipboardIn = true, acted = () => {}): Buffer {
  const machine = input(clipboardIn, acted);
  machine.push(handshake);
  return machine.push(message);
}

const RAW = rectangle(0, 3, 2, Buffer.alloc(24, 7));
const DRAWN = [
  ["nothing new", update()],
  ["pixels", update(RAW)],
  ["a move", update(rectangle(1, 30, 20, u16(5), u16(6)))],
  ["one color", update(rectangle(7, 64, 64, 0x80, "rgb"))],
  ["a picture", update(rectangle(7, 64, 64, 0x90, 0x85, 0x01, Buffer.alloc(133, 1)))],
  ["a long picture", update(rectangle(7, 64, 64, 0x90, 0x81, 0x80, 0x01, Buffer.alloc(16385, 1)))],
  ["few colors", update(rectangle(7, 64, 64, 0x40, 1, 4, "aaabbbcccdddeee", 0x10, Buffer.alloc(16)))],
  ["two colors", update(rectangle(7, 9, 2, 0x40, 1, 1, "aaabbb", Buffer.alloc(4)))],
  ["a gradient", update(rectangle(7, 2, 2, 0x50, 2, 0x0c, Buffer.alloc(12)))],
  ["compressed pixels", update(rectangle(7, 64, 64, 0x00, 0x05, "abcde"), RAW)],
  ["three pixels as they are", update(rectangle(7, 3, 1, 0x00, "abcdefghi"))],
  ["a pointer", update(rectangle(-239, 9, 2, Buffer.alloc(9 * 2 * 4 + 2 * 2)))],
  ["no pointer", update(rectangle(-239, 0, 0))],
  ["another size", update(rectangle(-308, 800, 600, 1, 0, 0, 0, Buffer.alloc(16)), rectangle(-223, 800, 600))],
  ["uncounted rectangles", bytes(0, 0, u16(0xffff), RAW, RAW, rectangle(-224, 0, 0))],
  ["a bell", bytes(2)],
  ["the end of continuous updates", bytes(150)],
  ["a fence", bytes(248, 0, 0, 0, u32(3), 4, "abcd")],
] as const;

describe("what a display says", () => {
  test("at first goes on without its name", () => {
    expect(output().push(greeting())).toEqual(bytes(VERSION, 1, 1, u32(0), u16(640), u16(480), FORMAT, u32(0)));
  });

  test.each([
    ["another version", "RFB 003.003\n"],
    ["a page", "HTTP/1.1 200"],
    ["a password", greeting({ kinds: [2] })],
    ["nobody", greeting({ result: 1 })],
    ["a name without end", greeting({ name: "x".repeat(257) })],
    ["colors of a palette", greeting({ format: bytes(8, 8, 0, 0, FORMAT.subarray(4)) })],
  ])("at first is none of it: %s", (_, said) => {
    expect(() => output().push(bytes(said))).toThrow(NotOfProtocol);
  });

  test("before somebody answers, its version goes on", () => {
    expect(output().push(bytes(VERSION)).toString()).toBe(VERSION);
  });

  test.each(DRAWN)("goes on as it is: %s", (_, message) => {
    expect(displaySays(message)).toEqual(message);
  });

  test("goes on the same in whatever pieces it comes", () => {
    const whole = Buffer.concat([greeting(), ...DRAWN.map(([, message]) => message)]);
    const expected = output().push(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (lengths) => {
        const machine = output();
        const out: Buffer[] = [];
        for (let at = 0, index = 0; at < whole.length; index++) {
          const length = lengths[index % lengths.length] ?? 1;
          out.push(Buffer.from(machine.push(whole.subarray(at, at + length))));
          at += length;
        }
        expect(Buffer.concat(out)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["a message of another kind", bytes(77)],
    ["colors of a palette", bytes(1, 0, u16(0), u16(1))],
    ["an encoding that nobody asked for", update(rectangle(16, 1, 1))],
    ["a picture of a kind that is none", update(rectangle(7, 1, 1, 0xa0))],
    ["a filter that is none", update(rectangle(7, 9, 9, 0x40, 3))],
    ["a fence without end", bytes(248, 0, 0, 0, u32(0), 65)],
    ["screens without end", update(rectangle(-308, 1, 1, 65, 0, 0, 0))],
    ["a clipboard without end", bytes(3, 0, 0, 0, u32(2 ** 21 + 1))],
    ["an extended clipboard without end", bytes(3, 0, 0, 0, u32(-(2 ** 31)))],
    ["an extended clipboard without anything", bytes(3, 0, 0, 0, u32(-3))],
  ])("ends the connection: %s", (_, message) => {
    expect(() => displaySays(message)).toThrow(NotOfProtocol);
  });

  test("whatever it is, ends the connection or has an end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (noise) => {
        try {
          displaySays(Buffer.from(noise));
        } catch (error) {
          expect(error).toBeInstanceOf(NotOfProtocol);
        }
      }),
    );
  });
});

describe("the clipboard of the workspace", () => {
  test.each([
    ["old text", cutText(3, "secret")],
    ["that there is some", clipboard(3, NOTIFY)],
    ["text", clipboard(3, PROVIDE, Buffer.from("zipped"))],
    ["text and what is done with it", clipboard(3, u32((1 << 28) | (1 << 25) | 1), Buffer.from("zipped"))],
    ["a long text", cutText(3, "s".repeat(10_000))],
  ])("tells %s only where it may", (_, message) => {
    expect(displaySays(message)).toEqual(message);
    const bell = bytes(2);
    expect(displaySays(bytes(message, bell), false)).toEqual(bell);
  });

  test.each([
    ["what it can", clipboard(3, CAPS, u32(1000))],
    ["a question", clipboard(3, REQUEST)],
  ])("says %s all the same", (_, message) => {
    expect(displaySays(message, false)).toEqual(message);
  });

  test.each([
    ["old text", cutText(6, "secret")],
    ["that there is some", clipboard(6, NOTIFY)],
    ["text", clipboard(6, PROVIDE, Buffer.from("zipped"))],
  ])("is told %s only where it may be", (_, message) => {
    expect(personSays(message)).toEqual(message);
    expect(personSays(message, false)).toEqual(Buffer.alloc(0));
  });
});

describe("what a person says", () => {
  const encodings = (...all: readonly number[]) => bytes(2, 0, u16(all.length), ...all.map(u32));

  test("at first: others who look go on looking", () => {
    expect(input().push(handshake)).toEqual(bytes(VERSION, 1, 1));
  });

  test.each([
    ["a question for an update", bytes(3, 1, Buffer.alloc(8))],
    ["a key", bytes(4, 1, 0, 0, u32(0x010020ac))],
    ["the pointer", bytes(5, 1, u16(10), u16(20))],
    ["continuous updates", bytes(150, 1, Buffer.alloc(8))],
    ["a fence", bytes(248, 0, 0, 0, u32(3), 2, "ab")],
    ["another size", bytes(251, 0, u16(800), u16(600), 1, 0, Buffer.alloc(16))],
    ["the usual pixels", bytes(0, 0, 0, 0, FORMAT)],
    ["known encodings", encodings(7, 1, 0, -223, -224, -308, -239, -312, -313, 0xc0a1e5ce, -24, -250)],
  ])("goes on as it is: %s", (_, message) => {
    expect(personSays(message)).toEqual(message);
  });

  test("a display is asked for nothing that is not understood here", () => {
    expect(personSays(encodings(7, 16, -260, 5, 50, 0, -258, -314, -316))).toEqual(encodings(7, 0));
  });

  test("of all this only keys and the pointer are acts", () => {
    let acts = 0;
    const acted = () => void acts++;
    personSays(bytes(3, 1, Buffer.alloc(8)), true, acted);
    personSays(bytes(248, 0, 0, 0, u32(3), 0), true, acted);
    expect(acts).toBe(0);
    personSays(bytes(4, 1, 0, 0, u32(97), 5, 1, u16(10), u16(20)), true, acted);
    expect(acts).toBe(2);
  });

  test.each([
    ["another version", bytes("RFB 003.007\n")],
    ["another security", bytes(VERSION, 2, 1)],
    ["a message of another kind", bytes(handshake, 255, 0)],
    ["a power switch", bytes(handshake, 250, 0, 1, 2)],
    ["other pixels", bytes(handshake, 0, 0, 0, 0, 16, 16, FORMAT.subarray(2))],
    ["encodings without end", bytes(handshake, 2, 0, u16(257))],
    ["a file", bytes(handshake, 7, Buffer.alloc(30))],
  ])("is refused: %s", (_, message) => {
    expect(() => input().push(message)).toThrow(NotOfProtocol);
  });
});
