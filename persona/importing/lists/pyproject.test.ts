import { expect, test } from "vitest";
import { applications, read, refused } from "../test-import.ts";

test("pyproject.toml, as the standard has it and as Poetry has it", () => {
  const standard = `[project]
name = "My Report"
requires-python = ">=3.9"
dependencies = ["polars>=1", "rich; python_version < '3.8'"]
[project.optional-dependencies]
dev = ["pytest"]
`;
  const { definition, rows } = read({ "pyproject.toml": standard });
  expect(definition).toMatchObject({ persona_id: "my-report", persona_name: "My Report", required_applications: ["pip:polars>=1"] });
  expect(refused(rows)).toEqual([
    expect.stringContaining("does not hold here"),
    "dev: pytest: an optional group: write what you want of it as pip:NAME",
  ]);
  const poetry = `[tool.poetry]
name = "x"
[tool.poetry.dependencies]
python = "^3.9"
pandas = "^2.1"
scipy = "~1.11.2"
httpx = { version = "*", extras = ["http2"] }
mine = { git = "https://example.org/mine.git" }
`;
  expect(applications({ "pyproject.toml": poetry })).toEqual(["pip:pandas<3,>=2.1", "pip:scipy<1.12,>=1.11.2", "pip:httpx[http2]"]);
  expect(refused(read({ "pyproject.toml": '[project]\nname = "x"\nrequires-python = "<3.11"\n' }).rows)).toEqual([
    "requires-python <3.11: there is Python 3.11 (debian-12) and 3.13 (debian-13) here; try whether one of them will do",
  ]);
});

test("pyproject.toml: other indexes and what comes from them are told by name; groups of each tool; lists that setuptools reads", () => {
  const project = `[project]
name = "x"
dynamic = ["dependencies"]
dependencies = ["torch", "shared"]
[tool.setuptools.dynamic]
dependencies = { file = "core.txt" }
[tool.uv.sources]
torch = { index = "cpu" }
shared = { git = "https://example.org/x.git" }
[[tool.uv.index]]
name = "cpu"
[[tool.pdm.source]]
url = "https://example.org/simple"
[tool.poetry.dependencies]
own = { version = "^1.0", source = "private" }
numpy = [{ version = "^1.24", python = "<3.12" }, { version = "^2.0", python = ">=3.12" }]
rich = "^13.0.0rc1"
httpx = ">=0.20 <0.28"
celery = ">=5.3 || ^4"
[tool.pdm.dev-dependencies]
test = ["pytest"]
[tool.hatch.envs.lint]
dependencies = ["mypy"]
[tool.flit.metadata]
requires = ["tabulate >=0.9"]
`;
  const { definition, rows } = read({ "pyproject.toml": project, "core.txt": "polars\n" });
  expect(definition?.required_applications).toEqual([
    ...["pip:tabulate>=0.9", "pip:polars", "pip:numpy<2,>=1.24", "pip:rich<14,>=13.0.0rc1", "pip:httpx<0.28,>=0.20"],
  ]);
  expect(refused(rows)).toEqual([
    "torch: from the index cpu: where this installation's index has the same package, write pip:torch",
    expect.stringContaining("shared: from elsewhere by tool.uv.sources"),
    expect.anything(),
    expect.stringContaining("celery"),
    expect.stringContaining("test"),
    "lint: mypy: an optional group: write what you want of it as pip:NAME",
    expect.stringContaining("index"),
    expect.stringContaining("index"),
  ]);
  expect(refused(rows).find((text) => text.startsWith("own"))).toContain("from the index private: where this installation's index has");
});
