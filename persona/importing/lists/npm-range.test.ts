import { expect, test } from "vitest";
import { PACKAGE_MANAGER_RULES } from "#applications";
import { readNpmRange } from "./npm-range.ts";

test.each([
  ["~1.2", "~1.2"],
  ["^0.3", "^0.3"],
  ["<5", "<5"],
  ["<= 10.3.0", "<=10.3.0"],
  [">9.0.0", ">9.0.0"],
  ["=1.3.0", "1.3.0"],
  ["v4.3.4", "4.3.4"],
  ["1.2.3+build.7", "1.2.3"],
  ["9.X", "9.x"],
  ["1.x || 2.x", "1.x||2.x"],
  ["^4.2.7 || ^5.0.0-next.1", "^4.2.7||^5.0.0-next.1"],
  ["*", ""],
  ["^1 || *", ""],
  ["latest", ""],
])("%s is said as it is", (written, range) => {
  expect(readNpmRange(written)).toEqual({ range });
});

// Each was compared with node-semver over all versions up to 22.8.4.
test.each([
  [">=1 <3", "1||2"],
  [">= 12.0.0 < 15.0.0", "12||13||14"],
  [">=16.8 <20", "^16.8||17||18||19"],
  [">=1.9 <2", "^1.9"],
  [">=0 <2", "0||1"],
  [">=5.4.2 <5.6.0", "~5.4.2||5.5"],
  [">=0.3 <0.5", "~0.3||0.4"],
  ["6 - 7", "6||7"],
  ["1.2 - 2", "^1.2||2"],
  ["1.2 - 1.4", "~1.2||1.3||1.4"],
  ["^1.0.0 || >=2.1 <4", "^1.0.0||^2.1||3"],
])("%s is said by its alternatives", (written, range) => {
  expect(readNpmRange(written)).toEqual({ range, how: "the same range, in one word" });
});

test.each([
  ["1.0.0 - 2.0.0", "<=2.0.0"],
  [">=0.3.0 <1.0.0", "<1.0.0"],
  [">=1 <50", "<50"],
  [">=1.0.0-rc.1 <2", "<2"],
])("%s is said by its upper bound, and that is told", (written, range) => {
  expect(readNpmRange(written)).toEqual({ range, how: expect.stringContaining("its lower bound is left out") });
});

test.each([
  "next",
  "beta",
  "^1.2 ^1.3",
  ">=2 <2",
  "5 - 3",
  "whatever fits",
  "1 || x y",
  ">1 <3",
  "1 - 2 - 3",
  Array(12)
    .fill("1")
    .map((_, i) => i)
    .join("||"),
])("%s is refused", (written) => {
  const { range, reason } = readNpmRange(written);
  expect(range).toBeUndefined();
  expect(reason).toContain("version");
});

test("whatever is carried, the package syntax takes", () => {
  for (const written of [">=1 <3", "1.x || 2.x", "<5", ">=16.8 <26", "^4.2.7 || ^5.0.0-next.1", ">=0.3.0 <1.0.0"])
    expect(PACKAGE_MANAGER_RULES.npm.read(`a@${readNpmRange(written).range}`).package).toBeDefined();
});
