import { expect, test } from "vitest";
import { quietBuild } from "#provisioning";
import { layerChain } from "./layer-chain.ts";
import { layerReport } from "./layer-report.ts";

test("the whole build's percentage rises from layer to layer and ends at 100", () => {
  const chain = layerChain({ layers: [{ application: "a", manager: "pipx", packages: ["a"] }], packageEpoch: "1" }, "b", "c", []);
  const percents: (number | undefined)[] = [];
  const whole = { ...quietBuild, progress: (_: string, percent: number | undefined) => void percents.push(percent) };
  for (const index of chain.keys()) {
    const report = layerReport(chain, index, whole);
    for (const percent of [0, 50, 10, 100]) report.progress("", percent);
  }
  expect(percents).toEqual([...percents].sort((a, b) => Number(a) - Number(b)));
  expect(percents.at(-1)).toBe(100);
  layerReport(chain, 0, whole).progress("", undefined);
  expect(percents.at(-1)).toBeUndefined();
});
