import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { architectureDocument, readArchitecture } from "../../docs/write-architecture.ts";
import { references } from "../../docs/write-references.ts";

test("docs/architecture.md shows the import table and the states as they are (node docs/write-architecture.ts)", () => {
  expect(readArchitecture()).toBe(architectureDocument(readArchitecture()));
});

test("the references say what the code says (node docs/write-references.ts)", async () => {
  for (const [file, text] of await references()) expect(readFileSync(file, "utf8"), file).toBe(text);
});

test("links between documents lead somewhere", () => {
  const files = [...globSync("*.md"), ...globSync("{docs,agent,catalog}/**/*.md", { exclude: (name) => name.includes("node_modules") })];
  const broken = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map((match) => join(dirname(file), match[1] ?? ""))
      .filter((target) => !existsSync(target)),
  );
  expect(broken).toEqual([]);
});
