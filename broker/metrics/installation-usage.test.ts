import type { UsageSample } from "@guise/contract";
import { expect, test } from "vitest";
import { InstallationUsage } from "./installation-usage.ts";

function sample(workspace_id: string, cpu: number, cpu_time: number): UsageSample {
  const totals = { cpu_time, received: cpu_time * 2, sent: 0 };
  return { workspace_id, at: "", cpu, ram: 10, storage: 20, ingress: 30, egress: 40, totals, applications: [] };
}

test("sums the last sample of each, and counts what was used since the first", () => {
  const usage = new InstallationUsage();
  usage.add(sample("a", 500, 9000));
  usage.add(sample("b", 250, 0));
  usage.add(sample("a", 100, 9400));
  expect(usage.now()).toEqual({ cpu: 350, ram: 20, storage: 40, ingress: 60, egress: 80 });
  expect(usage.counted).toEqual({ cpu_time: 400, received: 800, sent: 0 });
  usage.keep(new Set(["b"]));
  expect(usage.now().cpu).toBe(250);
  // Never backwards: a counter that falls would read as a restart.
  usage.add(sample("b", 250, -5));
  expect(usage.counted.cpu_time).toBe(400);
});
