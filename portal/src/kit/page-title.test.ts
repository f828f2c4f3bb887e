import { expect, test } from "vitest";
import { tabTitle } from "./page-title.ts";

test("says the name, what is the matter, and marks a warning", () => {
  expect(tabTitle("Personas")).toBe("Personas · Guise");
  expect(tabTitle("Data Analyst", "waiting", "starting")).toBe("Data Analyst: starting · Guise");
  expect(tabTitle("Data Analyst", "warning", "Its home is full")).toBe("⚠ Data Analyst: its home is full · Guise");
});
