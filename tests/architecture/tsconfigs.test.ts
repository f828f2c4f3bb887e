import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMPONENTS } from "./components.ts";
import { rootTsconfig, testsTsconfig, tsconfigOf } from "./write-tsconfigs.ts";

const parse = (text: string) => JSON.parse(text) as unknown;
const read = (path: string) => parse(readFileSync(path, "utf8"));

test("each tsconfig.json says what the table says (node tests/architecture/write-tsconfigs.ts)", () => {
  for (const component of COMPONENTS) {
    const { folder } = component;
    if (folder === "provisioning/inside") continue;
    expect(read(`${folder}/tsconfig.json`), folder).toEqual(parse(tsconfigOf(component)));
  }
  expect(read("tsconfig.json")).toEqual(parse(rootTsconfig()));
  expect(read("tests/tsconfig.json")).toEqual(parse(testsTsconfig()));
});
