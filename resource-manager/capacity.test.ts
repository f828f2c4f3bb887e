import { expect, it } from "vitest";
import { usableCapacity } from "./capacity.ts";

const GIB = 2 ** 30;
const machine = { cpu: 2000, ram: 8 * GIB, storage: 100 * GIB, ingress: 1e9, egress: 1e9 };

it("keeps a reserve and shares cpu out four times, by default", () => {
  expect(usableCapacity(machine)).toEqual({ ...machine, cpu: 7000, ram: 7.5 * GIB });
});

it("takes other rules for single dimensions", () => {
  expect(usableCapacity(machine, { reserve: { ram: 2 * GIB }, overcommit: { cpu: 1.5, egress: 0.5 } })).toEqual({
    ...machine,
    cpu: 2625,
    ram: 6 * GIB,
    egress: 5e8,
  });
});

it("is nothing, not less, on a machine below the reserve", () => {
  expect(usableCapacity({ ...machine, cpu: 100, ram: 256 * 2 ** 20 })).toMatchObject({ cpu: 0, ram: 0 });
});
