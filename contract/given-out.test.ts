import { expect, it } from "vitest";
import { givenOutText, givenOutTexts } from "./given-out.ts";

const RULES = {
  kept: { cpu: 250, ram: 512 * 2 ** 20, storage: 0, ingress: 0, egress: 0 },
  times: { cpu: 4, ram: 1, storage: 1, ingress: 1, egress: 1 },
};

it("says how two cores become 7 cpu, and nothing where all of it is given out once", () => {
  expect(givenOutTexts(RULES, { cpu: 2000, ram: 8 * 2 ** 30, storage: 2 ** 40, ingress: 1e9, egress: 1e9 })).toEqual({
    cpu: "2 cpu of the machine, less 0.25 cpu kept for the machine and Guise, given out 4 times",
    ram: "8 GiB ram of the machine, less 512 MiB ram kept for the machine and Guise",
  });
  expect(givenOutText("cpu", RULES)).toBe("the cpu of the machine, less 0.25 cpu kept for the machine and Guise, given out 4 times");
  expect(givenOutText("storage", RULES)).toBeUndefined();
});
