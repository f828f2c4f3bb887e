import { expect, test } from "vitest";
import { validatePersona } from "../validate-persona.ts";
import { applications, catalog, read, refused } from "./test-import.ts";

test("several lists become one persona, and every draft is valid", () => {
  const { definition } = read({ "requirements.txt": "polars\n", "apt.txt": "units\n" }, "requirements.txt", "apt.txt");
  expect(definition?.required_applications).toEqual(["pip:polars", "apt:units"]);
  const installation = {
    defaultEnvironment: "development",
    dataSources: [],
    openedRanges: [],
    unenforced: [],
    bases: { here: ["debian-12", "debian-13"] as const, standard: "debian-12" as const },
  };
  expect(validatePersona(definition, { catalog, installation })).toMatchObject({ definition: { persona_id: "imported" } });
});

test("what would be somebody else's package is not carried", () => {
  const project = '[project]\nname="x"\ndependencies=["shared-lib", "polars"]\n[tool.uv.sources]\nshared_lib = { workspace = true }\n';
  expect(applications({ "pyproject.toml": project })).toEqual(["pip:polars"]);
  const poetry =
    '[tool.poetry.dependencies]\npywin32 = { version = "^306", markers = "sys_platform == \'win32\'" }\nb = { version = "1.0", optional = true }\n';
  expect(applications({ "pyproject.toml": poetry })).toEqual([]);
  const conda = "dependencies:\n  - constructor\n  - mamba\n  - numpy 1.26.4 py311_0\n  - python=2.7\n  - pip: [humanize]\n";
  expect(applications({ "environment.yml": conda })).toEqual(["pip:numpy==1.26.4", "pip:humanize"]);
  expect(applications({ "apt.txt": "deb http://example.org jammy main\nadduser install\njq=1:2.3-4\n" })).toEqual([
    "apt:adduser",
    "apt:jq=1:2.3-4",
  ]);
  expect(read({ "README.txt": "hello\n" }).definition).toBeUndefined();
});

test("variables and names that a persona may not have are left out, and the draft is valid", () => {
  const conda = `name: "\\u202E Über App"\ndependencies: [polars]\nvariables: { PATH: /x, OK: 1, HERE: $CONDA_PREFIX/x, "1A": x, LIST: [1] }\n`;
  const { definition, rows } = read({ "environment.yml": conda });
  expect(definition).toMatchObject({ persona_id: "uber-app", application_configuration: { variables: { OK: "1" } } });
  expect(refused(rows).length).toBe(4);
});

test("where a line came from is told in documents too", () => {
  const linesIn = (name: string, content: string) =>
    read({ [name]: content }).rows.map(({ text, line }) => [text.split(/[ :=>]/)[0], line]);
  expect(linesIn("package.json", '{\n "dependencies": {\n  "react": "19",\n  "mine": "file:x" },\n "workspaces": [] }')).toEqual([
    ["react", 3],
    ["mine", 4],
    ["workspaces", 5],
  ]);
  expect(linesIn("environment.yml", "dependencies:\n  - numpy\n  - pip:\n    - rich\nvariables:\n  A: 1\n")).toEqual([
    ["numpy", 2],
    ["rich", 4],
    ["A", 6],
  ]);
  expect(
    linesIn(
      "pyproject.toml",
      '[project]\ndependencies = [\n "rich",\n "typer"\n]\n[dependency-groups]\ndev = ["pytest"]\n[tool.poetry.dependencies]\nflask = "^3"\n',
    ),
  ).toEqual([
    ["rich", 3],
    ["typer", 4],
    ["flask", 9],
    ["dev", 7],
  ]);
  const dev = '{\n "features": {\n  "x/git:1": {} },\n "postCreateCommand": {\n  "a": "pip install rich" } }';
  expect(linesIn(".devcontainer/devcontainer.json", dev)).toEqual([
    ["feature", 3],
    ["rich", 5],
  ]);
});

test.each([
  ["setup.py", "into requirements.txt"],
  ["setup.cfg", "into requirements.txt"],
  ["Pipfile", "pipenv requirements > requirements.txt"],
  ["poetry.lock", "import the pyproject.toml"],
  ["yarn.lock", "import the package.json"],
  ["Dockerfile", "into apt.txt or requirements.txt"],
  ["docker-compose.yml", "into apt.txt or requirements.txt"],
  ["notes.md", "known are apt.txt, Aptfile, requirements.txt"],
])("of %s it is said what to hand in instead", (name, instead) => {
  expect(read({ [name]: "x" }).rows).toMatchObject([{ outcome: "not_carried", text: name, why: expect.stringContaining(instead) }]);
});
