import { expect, test } from "vitest";
import { hitsBetween, limitOfHome, saturated, wordsOf } from "./limit-hits.ts";

const MI = 2 ** 20;
const demand = { cpu: 1000, ram: 256 * MI, storage: 1024 * MI, ingress: 10e6, egress: 10e6 };
const facts = { workspace: "w-1", demand, most: { ...demand, ram: 2048 * MI, egress: 15e6 }, processes: 512 };

test.each([
  ["nothing", { kills: 1, refusedProcesses: 5 }, { kills: 1, refusedProcesses: 5 }, []],
  ["each program that was killed", { kills: 1, refusedProcesses: 0 }, { kills: 3, refusedProcesses: 0 }, [{ limit: "memory", times: 2 }]],
  ["refused processes once", { kills: 0, refusedProcesses: 0 }, { kills: 0, refusedProcesses: 9999 }, [{ limit: "processes", times: 1 }]],
  ["another sandbox from its start", { kills: 7, refusedProcesses: 0 }, { kills: 1, refusedProcesses: 0 }, [{ limit: "memory", times: 1 }]],
])("counts %s", (_, before, now, hits) => {
  expect(hitsBetween(before, now)).toEqual(hits);
});

test("tells a home without room from one that can hold no more files", () => {
  const bytes = { used: 90, of: 100 };
  expect(limitOfHome({ bytes: { used: 100, of: 100 }, files: { used: 5, of: 10 } })).toBe("storage");
  expect(limitOfHome({ bytes, files: { used: 10, of: 10 } })).toBe("files");
});

test("takes nine tenths of a bandwidth for all of it", () => {
  expect(saturated({ ingress: 9e6, egress: 8.9e6 }, demand)).toEqual(["ingress"]);
});

test("says what happened with the numbers, and what helps", () => {
  expect(wordsOf("memory", facts, "python3")).toEqual({
    message: "python3 used more than the 256 MiB ram of this workspace",
    remedy: "try: guise resize w-1 --ram 512Mi",
  });
  expect(wordsOf("memory", { ...facts, most: demand }, undefined)).toEqual({
    message: "a program used more than the 256 MiB ram of this workspace",
    remedy: "its persona allows no more: its author can raise ram in resource_limits",
  });
  expect(wordsOf("egress", facts, undefined).remedy).toBe("try: guise resize w-1 --bandwidth 10Mbit/15Mbit");
  expect(wordsOf("processes", facts, undefined).message).toContain("512 processes");
});
