import { expect, test } from "vitest";
import { portsIn } from "./listening-ports.ts";

const line = (address: string, more = "00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1234") =>
  `   0: ${address} ${more}`;

test("ports that loopback reaches are told once, the lowest first; others and nonsense are not", () => {
  const text = [
    line("0100007F:1435"),
    line("00000000:1F90"),
    line("00000000000000000000000000000000:1F90"),
    line("00000000000000000000000001000000:0BB8"),
    line("0000000000000000FFFF00000100007F:0BB9"),
    line("0A00000A:1F91"),
    line("B80D01200000000067452301EFCDAB89:1F92"),
    line("0100007F:A531"),
    "  sl  local_address rem_address   st",
    "0: ZZ:1 0A",
    "",
  ].join("\n");
  expect(portsIn(text)).toEqual([3000, 3001, 5173, 8080]);
});

test("of thousands that somebody opens, as many are told as anybody looks at", () => {
  const text = Array.from({ length: 3_000 }, (_, port) =>
    line(`0100007F:${(port + 1024).toString(16).toUpperCase().padStart(4, "0")}`),
  ).join("\n");
  expect(portsIn(text).length).toBe(64);
});
