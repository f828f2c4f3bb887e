import fc from "fast-check";
import { expect, test } from "vitest";
import { formatBytes, parseBandwidth, parseBytes, parseCpu, parseDuration, QuantityError } from "./index.ts";

test.each([
  [parseCpu, "2", 2000],
  [parseCpu, "500m", 500],
  [parseCpu, "0.25", 250],
  [parseBytes, "4Gi", 4 * 2 ** 30],
  [parseBytes, "1.5G", 1.5e9],
  [parseBandwidth, "50Mbit", 50e6],
  [parseDuration, "12h", 43_200_000],
] as const)("%o reads %s", (parse, text, value) => {
  expect(parse(text)).toBe(value);
});

test.each([
  [parseCpu, "two"],
  [parseCpu, "-1"],
  [parseCpu, "0"],
  [parseBytes, "4GB"],
  [parseBytes, "4gi"],
  [parseBandwidth, "50Mbps"],
  [parseBandwidth, "50"],
  [parseDuration, "5 minutes"],
] as const)("%o refuses %s and says what it expects", (parse, text) => {
  expect(() => parse(text)).toThrow(QuantityError);
});

test("whole GiB are read and written back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1023 }), (gib) => {
      expect(formatBytes(parseBytes(`${gib}Gi`))).toBe(`${gib} GiB`);
    }),
  );
});
