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

test("package.json: parts for another system, which npm would refuse, are left out", () => {
  const optionalDependencies = { fsevents: "^2.3.3", "@esbuild/darwin-arm64": "0.25.0", "@swc/core-win32-x64-msvc": "1", "darwin-ui": "1" };
  const { definition, rows } = read({ "package.json": JSON.stringify({ name: "site", optionalDependencies }) });
  expect(definition).toMatchObject({ required_applications: ["npm:darwin-ui@1"] });
  expect(refused(rows)).toEqual(
    Object.entries(optionalDependencies)
      .slice(0, 3)
      .map(([name, range]) => `${name}: ${range}: for Windows or macOS alone: leave it out`),
  );
});
