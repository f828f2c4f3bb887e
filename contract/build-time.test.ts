import { expect, test } from "vitest";
import { formatBuildTime } from "./index.ts";

test("a build's time is told with its downloads, where they are known", () => {
  expect(formatBuildTime({})).toBe("");
  expect(formatBuildTime({ took: 67_000 })).toBe("1.12 min");
  expect(formatBuildTime({ took: 67_000, downloading: 31_000 })).toBe("1.12 min, 31 s of it downloads");
});
