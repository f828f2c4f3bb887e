import { expect, test } from "vitest";
import { FOLDERS } from "../../persona/importing/corpus-lists.fixture.ts";
import { OUTCOMES, REPRESENTATIVE } from "../acceptance/corpus/outcomes.ts";

const FAMILIES = [["python"], ["npm"], ["apt"], ["conda", "devcontainer", "tool", "mixed"]];

test("what is built of the corpus with the long tests has an outcome, and is three of each family", () => {
  expect(Object.keys(OUTCOMES).filter((folder) => !FOLDERS.includes(folder))).toEqual([]);
  expect(REPRESENTATIVE.filter((folder) => !(folder in OUTCOMES))).toEqual([]);
  for (const families of FAMILIES) {
    const chosen = REPRESENTATIVE.filter((folder) => families.includes(folder.split("-")[0] ?? ""));
    expect(chosen.length, families.join()).toBeGreaterThanOrEqual(3);
  }
});
