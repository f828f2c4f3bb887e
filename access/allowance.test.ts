import { describe, expect, it } from "vitest";
import { allowanceOf, perPersonOf } from "./allowance.ts";

describe("how much one person may have", () => {
  it.each([
    ["20", [], 20],
    ["20", ["staff"], 20],
    ["20,interns=3", ["interns"], 3],
    ["20,interns=3", ["interns", "staff"], 20],
    ["20, interns=3, batch=none", ["interns", "batch"], Number.POSITIVE_INFINITY],
    ["none", ["staff"], Number.POSITIVE_INFINITY],
    ["20,__proto__=3", ["__proto__"], 3],
    ["20", ["constructor"], 20],
  ])("by %s for %o is %d", (setting, groups, most) => {
    const read = perPersonOf(setting);
    if (typeof read === "string") throw new Error(read);
    expect(allowanceOf(read, groups)).toBe(most);
  });

  it.each(["", "0", "-1", "2.5", "many", "20,batch", "20,=3", "20,batch=0", "20,"])("is not %j", (setting) => {
    expect(perPersonOf(setting)).toMatch(/is not/);
  });
});
