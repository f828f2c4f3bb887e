import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { BOUNDED_FIRST } from "./resolve-script.ts";

test("what has a bound is resolved before what has none, each in the order in which it was named", () => {
  const packages = ["numpy", "pandas==2.1.*", "kaggle", "scikit-learn>=1.3", "black[jupyter]", "seaborn~=0.13"];
  const quoted = packages.map((name) => `'${name}'`).join(" ");
  const said = execFileSync("bash", ["-euo", "pipefail", "-c", `packages=(${quoted}); ${BOUNDED_FIRST}`], { encoding: "utf8" });
  expect(said.trimEnd().split("\n")).toEqual(["pandas==2.1.*", "scikit-learn>=1.3", "seaborn~=0.13", "numpy", "kaggle", "black[jupyter]"]);
});
