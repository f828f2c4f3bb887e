import { expect, test } from "vitest";
import { read, refused } from "../test-import.ts";

test(".tool-versions: what there is, and what there is not", () => {
  const { definition, rows } = read({ ".tool-versions": "python 3.11.4\nnodejs 20.1.0\njava temurin-21\nterraform 1.5\n" });
  expect(definition).toMatchObject({ required_applications: ["apt:default-jdk"], runtimes: { node: "20" } });
  expect(refused(rows)).toEqual(["terraform 1.5: Debian does not have it: fetch it in the workspace"]);
});
