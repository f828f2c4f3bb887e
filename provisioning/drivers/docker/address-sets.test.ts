import { SPECIAL_RANGES } from "@guise/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AllowedTarget } from "#provisioning";
import { allowSet, endpointSet } from "./allow-set.ts";
import { contains, formatRange, parseRange, type Range, subtract } from "./cidr.ts";
import { denySet } from "./deny-set.ts";

const range = (text: string): Range => {
  const parsed = parseRange(text);
  if (parsed === undefined) throw new Error(`not a range: ${text}`);
  return parsed;
};
const covers = (sets: readonly string[], address: string) => sets.some((text) => contains(range(text), range(address)));

describe("ranges", () => {
  test.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["192.0.2.7", "192.0.2.7/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["fd00::1/8", "fd00::/8"],
  ])("%s is %s", (text, written) => expect(formatRange(range(text))).toBe(written));

  test.each(["", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/8", "example.com", "::/129", "10.0.0.0/-1", "1.1.1.1; rm -rf /"])(
    "%j is none",
    (text) => expect(parseRange(text)).toBeUndefined(),
  );

  test("what is left after a subtraction and the hole make up the range, and do not overlap", () => {
    const prefix = fc.tuple(fc.bigInt(0n, 255n), fc.integer({ min: 24, max: 32 }));
    fc.assert(
      fc.property(prefix, ([low, bits]) => {
        const hole = range(`10.0.0.${low}/${bits}`);
        const whole = range("10.0.0.0/24");
        const rest = subtract(whole, [hole]);
        for (let last = 0n; last < 256n; last++) {
          const address: Range = { family: 4, start: whole.start + last, bits: 32 };
          const times = rest.filter((part) => contains(part, address)).length;
          expect(times).toBe(contains(hole, address) ? 0 : 1);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("deny set", () => {
  test("closes private ranges, metadata and the machine's own addresses", () => {
    const { v4, v6 } = denySet([], ["203.0.113.9", "2001:db8::9"]);
    for (const address of [
      "10.0.0.1",
      "172.31.0.1",
      "192.168.1.1",
      "169.254.169.254",
      "100.64.0.1",
      "127.0.0.1",
      "224.0.0.1",
      "203.0.113.9",
    ])
      expect(covers(v4, address), address).toBe(true);
    for (const address of ["fd00::1", "fe80::1", "ff02::1", "::ffff:1.2.3.4", "2001:db8::9"])
      expect(covers(v6, address), address).toBe(true);
    expect(covers(v4, "192.31.196.1")).toBe(false);
  });

  test.each(SPECIAL_RANGES)("$cidr ($what) is closed, and opened where it may be", ({ cidr, openable }) => {
    const all = (opened: readonly string[]) => Object.values(denySet(opened, [])).flat();
    expect(covers(all([]), cidr)).toBe(true);
    expect(covers(all(["0.0.0.0/0", "::/0"]), cidr)).toBe(openable !== true);
  });

  test("an opened private range is open but for what is the machine's own", () => {
    const { v4 } = denySet(["10.20.0.0/16"], ["10.20.0.1", "10.232.0.0/22"]);
    expect(covers(v4, "10.20.3.4")).toBe(false);
    expect(covers(v4, "10.20.0.1")).toBe(true);
    expect(covers(v4, "10.232.1.1")).toBe(true);
    expect(covers(v4, "10.21.0.1")).toBe(true);
  });

  test("opening everything opens neither metadata nor loopback nor the own range", () => {
    const { v4, v6 } = denySet(["0.0.0.0/0", "::/0"], ["10.232.0.0/22"]);
    for (const address of ["169.254.169.254", "168.63.129.16", "100.100.100.200", "127.0.0.1", "10.232.0.1"])
      expect(covers(v4, address), address).toBe(true);
    for (const address of ["fd00:ec2::254", "fd20:ce::254", "fe80::1"]) expect(covers(v6, address), address).toBe(true);
    expect([covers(v4, "100.64.0.1"), covers(v6, "fd00::1")]).toEqual([false, false]);
  });
});

describe("allow set", () => {
  test("a target that cannot be read is refused, never left out", () => {
    for (const bad of [
      { cidr: "nowhere", port: 443 },
      { cidr: "1.1.1.1/32", port: 0 },
      { cidr: "1.1.1.1/32", port: 70_000 },
    ])
      expect(() => allowSet([{ ...bad, protocol: "tcp" }])).toThrow(expect.objectContaining({ code: "network_failed" }));
  });

  test("a data source is one address with one TCP port, and nowhere that is never opened", () => {
    const source = (cidr: string, over: object = {}) => endpointSet([{ cidr, protocol: "tcp", port: 5432, ...over }]);
    expect(source("10.1.2.3/32")).toEqual({ v4: ["10.1.2.3 . tcp . 5432"], v6: [] });
    expect(source("fd00::7/128")).toEqual({ v4: [], v6: ["fd00::7 . tcp . 5432"] });
    for (const refused of [
      () => source("10.1.2.0/24"),
      () => source("10.1.2.3/32", { port: null }),
      () => source("10.1.2.3/32", { protocol: "udp" }),
      () => source("169.254.169.254/32"),
      () => source("127.0.0.1/32"),
      () => source("::1/128"),
      () => source("224.0.0.1/32"),
    ])
      expect(refused).toThrow(expect.objectContaining({ code: "network_failed" }));
  });

  test("elements never overlap, and allow exactly what the targets do", () => {
    const target = fc.record({
      cidr: fc
        .tuple(fc.constantFrom("198.51.100.0", "198.51.100.128", "198.51.100.7"), fc.integer({ min: 24, max: 32 }))
        .map(([a, b]) => `${a}/${b}`),
      protocol: fc.constantFrom("tcp" as const, "udp" as const),
      port: fc.constantFrom(null, 53, 443),
    });
    fc.assert(
      fc.property(
        fc.array(target, { maxLength: 8 }),
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom(53, 443, 80),
        (targets, last, port) => {
          const address = `198.51.100.${last}`;
          const hits = allowSet(targets).v4.filter((element) => matches(element, address, "tcp", port)).length;
          expect(hits).toBe(targets.some((rule) => allows(rule, address, "tcp", port)) ? 1 : 0);
        },
      ),
    );
  });
});

function matches(element: string, address: string, protocol: string, port: number): boolean {
  const [cidr = "", named, ports = ""] = element.split(" . ");
  const [first, last = first] = ports.split("-").map(Number);
  return (
    named === protocol &&
    contains(range(cidr), range(address)) &&
    first !== undefined &&
    last !== undefined &&
    first <= port &&
    port <= last
  );
}

const allows = (rule: AllowedTarget, address: string, protocol: string, port: number) =>
  rule.protocol === protocol && (rule.port === null || rule.port === port) && contains(range(rule.cidr), range(address));
