import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { WithoutFarewell } from "./without-farewell.ts";

const FAREWELL = "\x1b[999H\r\n[EOF - dtach terminating]\r\n";
const SHOWN_AGAIN = "\x1b[?25h\r\n";

const through = (...chunks: string[]) => text(Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(new WithoutFarewell()));

test.each([
  ["in one piece", ["no such host\r\n", `${FAREWELL}${SHOWN_AGAIN}`], `no such host\r\n${SHOWN_AGAIN}`],
  ["with what was said before", [`no such host\r\n${FAREWELL}`], "no such host\r\n"],
  ["byte by byte", [...`bye${FAREWELL}${SHOWN_AGAIN}`], `bye${SHOWN_AGAIN}`],
])("the farewell is dropped: %s", async (_how, chunks, left) => {
  expect(await through(...chunks)).toBe(left);
});

test.each([
  ["printed by the program itself", [`${FAREWELL}and much more was said afterwards`]],
  ["begun and not gone on with", ["\x1b[999", "m", "\x1b[999H\r\n[EOF"]],
  ["with none", ["a", "b\x1b"]],
])("everything else is let through: %s", async (_what, chunks) => {
  expect(await through(...chunks)).toBe(chunks.join(""));
});
