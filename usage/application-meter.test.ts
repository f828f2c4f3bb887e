import { describe, expect, test } from "vitest";
import { ApplicationMeter, type ProcessUse } from "./application-meter.ts";

const process = (id: string, cpu: number, over: Partial<ProcessUse> = {}): ProcessUse => ({
  id,
  parent: undefined,
  launch: undefined,
  cpu,
  ram: 0,
  ...over,
});

describe("what each launch used", () => {
  test("is what its processes' counts have grown by, and what they hold now", () => {
    const meter = new ApplicationMeter();
    meter.take([process("1", 100, { launch: "a" }), process("2", 50, { launch: "b" })], 150);
    const uses = meter.take(
      [process("1", 130, { launch: "a", ram: 7 }), process("2", 50, { launch: "b", ram: 5 }), process("3", 4, { launch: "a", ram: 3 })],
      34,
    );
    expect([...uses]).toEqual([
      ["a", { cpu: 34, ram: 10 }],
      ["b", { cpu: 0, ram: 5 }],
    ]);
  });

  test("counts a child that ended once: it is in its parent's count from then on", () => {
    const meter = new ApplicationMeter();
    meter.take([process("1", 10, { launch: "a" }), process("2", 40, { launch: "a", parent: "1" })], 50);
    // It used 5 more before it ended: the parent has 10 + 45.
    expect(meter.take([process("1", 55, { launch: "a" })], 5).get("a")?.cpu).toBe(5);
  });

  test("counts a child once whose parent ended with it: it is in the count of whoever waited for both", () => {
    const meter = new ApplicationMeter();
    const shell = process("2", 0, { launch: "a", parent: "1" });
    meter.take([process("1", 10, { launch: "a" }), shell, process("3", 290, { launch: "a", parent: "2" })], 300);
    // It used 10 more before both ended: the first has 10 + 300.
    expect(meter.take([process("1", 310, { launch: "a" })], 10).get("a")?.cpu).toBe(10);
  });

  test("holds what ran and ended between two looks, where its parent is of the launch", () => {
    const meter = new ApplicationMeter();
    meter.take([process("1", 0, { launch: "a" })], 0);
    expect(meter.take([process("1", 300, { launch: "a" })], 300).get("a")?.cpu).toBe(300);
  });

  test("of a launch that ended whole: what the sandbox used and no process accounts for", () => {
    const meter = new ApplicationMeter();
    meter.take([process("1", 100, { launch: "a" }), process("2", 0)], 100);
    expect(meter.take([process("2", 20)], 90).get("a")).toEqual({ cpu: 70, ram: 0 });
  });

  test("a number that is given out again is another process", () => {
    const meter = new ApplicationMeter();
    meter.take([process("9.100", 500, { launch: "a" })], 500);
    expect(meter.take([process("9.200", 3, { launch: "b" })], 3).get("b")?.cpu).toBe(3);
  });
});
