import { describe, expect, test } from "vitest";
import { ramForUs, storageForUs } from "./capacity.ts";
import { knownWeaknesses } from "./known-weaknesses.ts";
import { temporaryFolders } from "./main-container.ts";
import { heldBytes, parseGroups } from "./reading/control-group.ts";
import { parseNetwork } from "./reading/network-counters.ts";
import { conditionOf } from "./sandbox-condition.ts";
import { parseMounts } from "./storage/mount-table.ts";

const GIB = 2 ** 30;
const SOUND = { runc: "1.3.3", ownEngine: true, liveRestore: true, seccomp: true, userNamespaces: true, loopDevices: true, ifb: true };

describe("capacity", () => {
  test("ram is the machine's less what others hold; our own workspaces count as ours", () => {
    const meminfo = `MemTotal: ${8 * 2 ** 20} kB\nMemAvailable: ${4 * 2 ** 20} kB\n`;
    expect(ramForUs(8 * GIB, meminfo, 3 * GIB)).toBe(7 * GIB);
    expect(ramForUs(8 * GIB, meminfo, 0)).toBe(4 * GIB);
    expect(ramForUs(8 * GIB, "", 0)).toBe(8 * GIB);
  });

  test("storage counts what homes take as ours: their promises are charged to those who have them", () => {
    const homes = [2, 1].map((taken, index) => ({ home: `h-${index}`, promised: 10 * GIB, taken: taken * GIB }));
    expect(storageForUs(100 * GIB, 20 * GIB, homes)).toBe((100 - 20 + 3) * GIB);
  });
});

test.each([
  ["1.1.5+ds1", true],
  ["1.2.7", true],
  ["1.2.8", false],
  ["1.3.2", true],
  ["1.3.3", false],
  ["1.4.0", false],
  ["unknown", false],
])("runc %s: warned %s", (runc, warned) => {
  expect(knownWeaknesses({ ...SOUND, runc }).length > 0).toBe(warned);
});

test.each(["ownEngine", "liveRestore", "userNamespaces", "seccomp", "loopDevices", "ifb"])(
  "an engine without %s is warned of, in a sentence",
  (what) => {
    expect(knownWeaknesses({ ...SOUND, [what]: false })).toEqual([expect.stringMatching(/^[A-Z].*\.$/)]);
  },
);

test("control groups of both versions", () => {
  expect(parseGroups("4:cpu,cpuacct:/guise/x\n0::/y\n").get("cpuacct")).toBe("/guise/x");
  expect(parseGroups("0::/guise/x\n").get("")).toBe("/guise/x");
  expect(heldBytes("cache 5\nshmem 1\nrss 2\ntotal_rss 20\ntotal_shmem 10\n")).toBe(30);
  expect(heldBytes("anon 7\nfile 100\nshmem 3\n")).toBe(10);
});

test("bytes of eth0 alone", () => {
  const text = "Inter-| Receive\n face |bytes\n    lo: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0\n  eth0: 123 4 0 0 0 0 0 0 456 7 0 0 0 0 0 0\n";
  expect(parseNetwork(text)).toEqual({ received: 123, sent: 456 });
});

test("mount table with optional fields and escaped spaces", () => {
  const text = "277 258 7:1 / /home/user rw,nosuid master:9 shared:1 - ext4 /dev/loop1 rw\n278 1 7:2 / /a\\040b ro - ext4 /dev/loop2 ro\n";
  expect(parseMounts(text)).toEqual([
    { device: "7:1", target: "/home/user", type: "ext4" },
    { device: "7:2", target: "/a b", type: "ext4" },
  ]);
});

test.each([64 * 2 ** 20, 2 ** 30, 64 * GIB])("temporary folders of %d bytes of ram stay within their shares", (ram) => {
  const { mounts, shared } = temporaryFolders(ram, 20_001, 20_000);
  const sizes = Object.values(mounts).map((options) => Number(/size=(\d+)/.exec(options)?.[1]));
  expect(sizes.every((size) => size > 0)).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(ram / 4);
  expect(shared).toBeLessThanOrEqual(ram / 8);
});

describe("condition", () => {
  const up = { Running: true, Paused: false, OOMKilled: false, ExitCode: 0, Error: "" };
  test.each([
    [up, up, true, "running"],
    [undefined, undefined, false, "gone"],
    [up, undefined, false, "broken"],
    [undefined, up, true, "broken"],
    [up, { ...up, Running: false, OOMKilled: true, ExitCode: 137 }, false, "broken"],
    [up, { ...up, Paused: true }, true, "broken"],
    [up, up, false, "broken"],
  ] as const)("guard %o, main %o, home mounted %s: %4$s", (guard, main, mounted, condition) =>
    expect(conditionOf(guard, main, mounted).condition).toBe(condition),
  );
});
