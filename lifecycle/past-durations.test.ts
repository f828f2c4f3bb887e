import { describe, expect, it } from "vitest";
import { PastDurations, spreadOf } from "./past-durations.ts";

describe("past durations", () => {
  const past = new PastDurations([300, 100, 200, 1000]);
  it("are drawn from as they were", () => {
    expect([0, 0.25, 0.5, 0.99].map((random) => past.draw(() => random))).toEqual([100, 200, 300, 1000]);
  });

  it("leave of what has gone on for a while what those left that went on longer", () => {
    expect([0, 0.99].map((random) => past.drawRest(150, () => random))).toEqual([50, 850]);
    expect([0, 0.99].map((random) => past.drawRest(300, () => random))).toEqual([700, 700]);
  });

  it("leave of what has gone on longer than any about as much again", () => {
    expect([0, 0.5].map((random) => past.drawRest(2000, () => random))).toEqual([1000, 2000]);
  });

  it("have a spread", () => {
    expect(spreadOf([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toEqual({ low: 2, likely: 6, high: 10 });
    expect(spreadOf([5])).toEqual({ low: 5, likely: 5, high: 5 });
  });
});
