import { expect, test } from "vitest";
import { catalogOf } from "./catalog.ts";
import { KNOWN_OTHER_NAMES, otherNameOf } from "./other-names.ts";
import { readRequiredApplication } from "./required-application.ts";

const NO_CATALOG = catalogOf([]);

test.each(KNOWN_OTHER_NAMES)("%s leads to %s, in words that a persona takes, and no further", (from, to) => {
  for (const text of [from, to]) expect(readRequiredApplication(text, NO_CATALOG)).toMatchObject({ package: { argument: text.slice(4) } });
  expect(KNOWN_OTHER_NAMES.map(([name]) => name)).not.toContain(to);
});

test("a name that nobody mistakes leads nowhere", () => {
  expect(otherNameOf("apt", "jq")).toBeUndefined();
  expect(otherNameOf("npm", "constructor")).toBeUndefined();
  expect(otherNameOf("apt", "firefox")).toBe("apt:firefox-esr");
});
