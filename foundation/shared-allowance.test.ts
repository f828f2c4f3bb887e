import { expect, test } from "vitest";
import { SharedAllowance } from "./shared-allowance.ts";

test("each may hold much while there is room, and a little when all is held; what is given back is there again", () => {
  const allowance = new SharedAllowance({ all: 100, most: 60, least: 5 });
  const [one, other] = [allowance.share(), allowance.share()];
  one.hold(60);
  expect([allowance.held, other.most]).toEqual([60, 60]);
  other.hold(60);
  expect([allowance.held, one.most, other.most]).toEqual([120, 5, 5]);
  one.hold(10);
  expect([allowance.held, one.most]).toEqual([70, 60]);
  other.hold(0);
  one.hold(0);
  expect(allowance.held).toBe(0);
});
