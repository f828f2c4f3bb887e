import { expect, test } from "vitest";
import { read, refused } from "../test-import.ts";

test("package.json: what it runs with and is worked on with; ranges of two bounds are written otherwise", () => {
  const files = {
    "package.json": JSON.stringify({
      name: "@team/site",
      dependencies: { react: "^19.0.0", left: "1.x || >=2.0 <3", mine: "file:../mine", other: "github:a/b", any: "*" },
      devDependencies: { vite: "latest", prettier: "3.3.3" },
      scripts: { dev: "vite" },
    }),
  };
  const { definition, rows } = read(files);
  expect(definition).toMatchObject({
    persona_id: "site",
    required_applications: ["npm:react@^19.0.0", "npm:left@1.x||2", "npm:any", "vite", "npm:prettier@3.3.3"],
  });
  expect(refused(rows).map((text) => text.split(": ")[0])).toEqual(["mine", "other"]);
});
