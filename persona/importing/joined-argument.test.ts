import { expect, test } from "vitest";
import { read, refused } from "./test-import.ts";

test("a package that several lines ask for stands once, with all that they ask; what cannot be together is refused", () => {
  const files = {
    "requirements.txt": "requests[socks]\nnumpy>=1.20\nrequests<3\nnumpy>=1.22\npandas==2.1\npandas==2.2\n",
    "package.json":
      '{ "dependencies": { "react": "^18.0.0", "prettier": "^2.0.0" }, "devDependencies": { "react": "^19.0.0", "prettier": "*" } }',
  };
  const { definition, rows } = read(files, "requirements.txt", "package.json");
  expect(definition?.required_applications).toEqual([
    "pip:requests[socks]<3",
    "pip:numpy>=1.20,>=1.22",
    "pip:pandas==2.1",
    "npm:react@^18.0.0",
    "npm:prettier@^2.0.0",
  ]);
  expect(refused(rows)).toEqual([
    "pandas==2.2: only one version can be there, and requirements.txt:5 asks for pandas==2.1: keep one line",
    "react: ^19.0.0: only one version can be there, and package.json:1 asks for react@^18.0.0: keep one line",
  ]);
});

test.each([
  ["numpy==1.26.4", "numpy>=2"],
  ["numpy==1.26.4", "numpy<1.26.4"],
  ["numpy>1.26.4", "numpy==1.26.4"],
])("%s and %s cannot be had together, and that is said of the second", (...lines) => {
  expect(read({ "requirements.txt": lines.join("\n") }).rows).toMatchObject([{ outcome: "carried" }, { outcome: "not_carried" }]);
});
