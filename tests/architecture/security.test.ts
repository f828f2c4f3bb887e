import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PERMISSIONS } from "#access";

const page = readFileSync("SECURITY.md", "utf8");
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split("\n", 1)[0] ?? "", section]),
);

/** The items of a section, with the tests that each names. */
function items(section: string): readonly { readonly text: string; readonly tests: readonly string[] }[] {
  const lines = (sections.get(section) ?? "").split("\n").filter((line) => line.startsWith("- "));
  return lines.map((text) => ({ text, tests: [...text.matchAll(/`([^`\s]+\.test\.ts)`/g)].map(([, path = ""]) => path) }));
}

describe("SECURITY.md", () => {
  test.each(["What stands between a workspace and everything else", "Identity", "Availability"])(
    "%s: each promise names its test",
    (section) => {
      expect(items(section).length).toBeGreaterThan(3);
      expect(items(section).flatMap(({ text, tests }) => (tests.length === 0 ? [text.slice(0, 80)] : []))).toEqual([]);
    },
  );

  test("every test that it names is there", () => {
    const named = [...sections.keys()].flatMap((section) => items(section).flatMap(({ tests }) => tests));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  test("it lists exactly the routes that ask for no token", () => {
    const open = Object.entries(PERMISSIONS).flatMap(([id, { roles }]) => (roles === "open" ? [id] : []));
    const line = items("Identity").find(({ text }) => text.includes("**Open routes**"))?.text ?? "";
    const listed = [...(/\*\*Open routes\*\*[^:]*:([^.]*)\./.exec(line)?.[1] ?? "").matchAll(/`([a-z_]+)`/g)].map(([, id]) => id);
    expect(listed.sort()).toEqual(open.sort());
  });
});
