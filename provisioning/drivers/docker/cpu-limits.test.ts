import { expect, test } from "vitest";
import { CORE_SHARES, cpuLimits } from "./cpu-limits.ts";

test("a workspace weighs as much as it is promised, and is held to it", () => {
  expect(cpuLimits(1000)).toEqual({ NanoCpus: 1e9, CpuShares: CORE_SHARES });
  expect(cpuLimits(4000).CpuShares).toBe(4 * cpuLimits(1000).CpuShares);
  expect(cpuLimits(250)).toEqual({ NanoCpus: 25e7, CpuShares: 256 });
  expect(cpuLimits(1).CpuShares).toBe(2);
});
