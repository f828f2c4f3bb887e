import { join } from "node:path";
import type { ImportRow } from "@guise/contract";
import { beforeAll, expect, test } from "vitest";
import { type Catalog, loadCatalog } from "#applications";
import { validatePersona } from "../validate-persona.ts";
import { importLists } from "./import-lists.ts";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await loadCatalog(join(import.meta.dirname, "..", "..", "catalog"));
});

const read = (files: Readonly<Record<string, string>>, ...wanted: readonly string[]) =>
  importLists(
    Object.entries(files).map(([name, content]) => ({ name, content })),
    wanted.length === 0 ? Object.keys(files).slice(0, 1) : wanted,
    catalog,
  );
const applications = (files: Readonly<Record<string, string>>, ...wanted: readonly string[]) =>
  read(files, ...wanted).definition?.required_applications ?? [];
const refused = (rows: readonly ImportRow[]) =>
  rows.filter(({ outcome }) => outcome === "not_carried").map(({ text, why }) => `${text}: ${why}`);

test("requirements.txt: includes, limits, comments, markers, extras, digests; what comes from elsewhere is refused by name", () => {
  const files = {
    "requirements.txt": `# course
-r more/base.txt
-c limits.txt
pandas >= 2.0, < 3   # tables
uvicorn[standard]==0.30.1 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
pywin32==306; sys_platform == "win32"
tomli; python_version < "3.11" or (platform_system == "Linux" and python_version >= "3.8")
jupyterlab
-e .
git+https://example.org/x.git
thing @ https://example.org/thing.whl
./local.whl
--extra-index-url https://example.org/simple
requests[\${EXTRA}]
not a requirement
-r requirements.txt
`,
    "more/base.txt": "numpy\r\n-r ../requirements.txt\r\n",
    "limits.txt": "numpy<2\nscipy==1.11.*\n",
  };
  const { definition, rows } = read(files);
  expect(definition?.required_applications).toEqual(
    ["pip:pandas<3,>=2.0", "pip:uvicorn[standard]==0.30.1", "pip:tomli", "jupyterlab", "pip:numpy<2"].sort(
      (a, b) => rows.findIndex((row) => row.becomes === a) - rows.findIndex((row) => row.becomes === b),
    ),
  );
  expect(rows.find(({ becomes }) => becomes === "pip:numpy<2")).toMatchObject({
    file: "more/base.txt",
    line: 1,
    outcome: "changed",
    why: "limited by limits.txt",
  });
  expect(rows.find(({ becomes }) => becomes?.startsWith("pip:uvicorn"))).toMatchObject({ line: 5, outcome: "changed" });
  expect(rows.filter(({ why }) => why === "requirements.txt is read already").map(({ text }) => text)).toEqual([
    "-r ../requirements.txt",
    "-r requirements.txt",
  ]);
  const all = refused(rows).join("\n");
  for (const said of [
    'pywin32==306; sys_platform == "win32": nothing to do: its condition does not hold here',
    "-e .: a project of your own",
    "git+https://example.org/x.git: from a repository",
    "thing @ https://example.org/thing.whl: from an address",
    "./local.whl: a file of your own",
    "--extra-index-url https://example.org/simple: only this installation's package index counts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so it stands in the list
    "requests[${EXTRA}]: has a variable",
    "not a requirement: ",
    "scipy==1.11.*: nothing to do: no line asks for the package; or write pip:scipy==1.11.*",
  ])
    expect(all).toContain(said);
});

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
  expect(refused(read({ "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.12"\n' }).rows)).toEqual([
    "requires-python >=3.12: Python is 3.11 here; try whether that will do",
  ]);
});

test("environment.yml: names of conda become those of Python's index and of the distribution, or are listed", () => {
  const files = {
    "environment.yml": `name: geo
channels: [conda-forge, defaults]
dependencies:
  - python=3.11
  - numpy=1.26
  - pandas>=2,<3
  - conda-forge::gdal=3.8.*
  - pytorch==2.2.0=cpu_py311
  - r-ggplot2
  - cudatoolkit=11.8
  - pip
  - pip:
    - humanize==4.*
    - -e .
variables:
  MODE: test
`,
  };
  const { definition, rows } = read(files);
  expect(definition).toMatchObject({
    persona_id: "geo",
    application_configuration: { variables: { MODE: "test" } },
    required_applications: [
      "pip:numpy==1.26.*",
      "pip:pandas<3,>=2",
      "apt:python3-gdal",
      "pip:torch==2.2.0",
      "apt:r-cran-ggplot2",
      "pip:humanize==4.*",
    ],
  });
  expect(refused(rows)).toEqual([
    "cudatoolkit=11.8: for a GPU, which a workspace does not have: leave it out",
    expect.stringContaining("-e .: "),
  ]);
});

test.each([
  ["attrs", "pip:attrs"],
  ["pytorch-lightning", "pip:pytorch-lightning"],
  ["pytorch-gpu=2.2", "pip:torch==2.2.*"],
  ["h5py>=3.9=nompi*", "pip:h5py>=3.9"],
  ["xlrd[version='>=2']", "pip:xlrd>=2"],
  ["gxx_linux-64=13", "apt:g++"],
  ["r-base=4.3", "apt:r-base"],
  ["r-data.table", "apt:r-cran-data.table"],
  ["bioconductor-deseq2", "apt:r-bioc-deseq2"],
  ["django-rest-framework", "pip:djangorestframework"],
  ["qgis", "apt:qgis"],
  ["ripgrep=14", "ripgrep"],
])("conda's %s becomes %s", (spec, application) => {
  expect(applications({ "environment.yml": `dependencies:\n  - "${spec}"\n` })).toEqual([application]);
});

test.each([
  ["nb_conda_kernels", "changed", "there anyway"],
  ["nodejs=16", "not_carried", "there are Node 18, 20, 22, 24 here"],
  ["pytorch-cuda=12.1", "not_carried", "for a GPU"],
  ["rstudio", "not_carried", "write jupyterlab with"],
  ["scipy=1.11|1.12", "not_carried", "write pip:scipy with one"],
  ["nobodys-package", "not_carried", "write pip:nobodys-package where Python's index has it"],
  ["constructor", "not_carried", "not known by this name"],
])("of conda's %s nothing is taken, and it is said why", (spec, outcome, why) => {
  expect(read({ "environment.yml": `dependencies:\n  - "${spec}"\n` }).rows).toMatchObject([
    { outcome, why: expect.stringContaining(why) },
  ]);
});

test("environment.yml: what pip reads for it may stand in a file beside it", () => {
  const files = {
    "env/environment.yml":
      'dependencies:\n  - pip:\n    - -r more.txt\n    - "# nothing"\n    - rich # colors\n    - -r other.txt\n    - --pre\n',
    "env/more.txt": "humanize\n",
  };
  const { definition, rows, wanted } = read(files);
  expect(definition?.required_applications).toEqual(["pip:humanize", "pip:rich"]);
  expect(wanted).toEqual(["env/other.txt"]);
  expect(refused(rows)).toEqual([
    "-r other.txt: env/other.txt was not given: import it as well",
    "--pre: an option of pip: leave it out, the build sets its own",
  ]);
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
  ["requirements.txt", "sklearn", "pip:scikit-learn", "its name in Python's index"],
  ["requirements.txt", "sklearn==0.0", "pip:scikit-learn", "its name in Python's index; without the version, which is another package's"],
  ["requirements.txt", "opencv==4.5", "pip:opencv-python-headless==4.5", "its name in Python's index"],
  ["requirements.txt", "jwt", "pip:pyjwt", "its name in Python's index"],
  ["requirements.txt", "jwt==1.3.1", "pip:jwt==1.3.1", undefined],
  ["apt.txt", "firefox", "apt:firefox-esr", "its name in Debian"],
  ["apt.txt", "chromium-browser=1:85", "chromium", "its name in Debian; without the version, which is another package's; the catalog's"],
])("%s: what people call %s is known as %s", (name, line, becomes, why) => {
  expect(read({ [name]: `${line}\n` }).rows).toEqual([
    { file: name, line: 1, text: line, outcome: why === undefined ? "carried" : "changed", becomes, ...(why === undefined ? {} : { why }) },
  ]);
});

test.each([
  ["apt.txt", "sqlite3", "sqlite"],
  ["apt.txt", "exa", "apt:exa"],
  ["apt.txt", "postgresql-client", "psql"],
  ["apt.txt", "sqlite3=3.40.1-2", "apt:sqlite3=3.40.1-2"],
  ["apt.txt", "fonts-dejavu-core", "apt:fonts-dejavu-core"],
  ["requirements.txt", "ruff", "ruff"],
  ["requirements.txt", "ruff==0.6.1", "pip:ruff==0.6.1"],
  ["requirements.txt", "jupyterlab>=3,<5", "jupyterlab"],
  ["requirements.txt", "jupyterlab==4.*", "jupyterlab"],
  ["requirements.txt", "jupyterlab>=4.1", "pip:jupyterlab>=4.1"],
  ["requirements.txt", "jupyterlab<4.2", "pip:jupyterlab<4.2"],
  ["requirements.txt", "jupyterlab!=4.0.1", "pip:jupyterlab!=4.0.1"],
  ["requirements.txt", "jupyterlab-git", "pip:jupyterlab-git"],
  ["package.json", '{ "dependencies": { "prettier": "^3.0.0" } }', "prettier"],
  ["package.json", '{ "dependencies": { "prettier": "^3.1.0" } }', "npm:prettier@^3.1.0"],
  ["package.json", '{ "dependencies": { "prettier": "2" } }', "npm:prettier@2"],
])("%s: %s becomes the catalog's where that is truly the same: %s", (name, line, becomes) => {
  const { rows } = read({ [name]: `${line}\n` });
  expect(rows).toMatchObject([
    becomes.includes(":") ? { outcome: "carried", becomes } : { outcome: "changed", becomes, why: "the catalog's" },
  ]);
});

test.each([
  ["numpy==1.26.4", "numpy>=2"],
  ["numpy==1.26.4", "numpy<1.26.4"],
  ["numpy>1.26.4", "numpy==1.26.4"],
])("%s and %s cannot be had together, and that is said of the second", (...lines) => {
  expect(read({ "requirements.txt": lines.join("\n") }).rows).toMatchObject([{ outcome: "carried" }, { outcome: "not_carried" }]);
});

test("commands read the files of the folder that they are in", () => {
  const files = {
    ".devcontainer/devcontainer.json": JSON.stringify({
      onCreateCommand: "cd web && npm ci && cd ../api; pip install -r list.txt && cd /tmp && pip install -r x.txt",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: so it stands in the list
      updateContentCommand: "cd ${containerWorkspaceFolder}/api && uv sync --all-extras && conda env update -f ../environment.yml",
      postCreateCommand: "pip install -r /workspaces/course/requirements.txt -e '.[dev]' && poetry install",
    }),
    "web/package.json": '{ "dependencies": { "vue": "3" } }',
    "api/list.txt": "flask\n",
    "api/pyproject.toml": '[project]\ndependencies = ["typer"]\n',
    "environment.yml": "dependencies: [polars]\n",
    "requirements.txt": "rich\n",
  };
  const { definition, rows, wanted } = read(files);
  expect(definition?.required_applications).toEqual(["npm:vue@3", "pip:flask", "pip:typer", "pip:polars", "pip:rich"]);
  expect(wanted).toEqual(["pyproject.toml"]);
  expect(refused(rows)).toEqual([
    "pip install -r x.txt: reads x.txt outside the project: import that one as well",
    "-e .[dev]: pyproject.toml was not given: import it as well",
    "poetry install: pyproject.toml was not given: import it as well",
  ]);
});

test("devcontainer.json: what it asks of its machine is what a workspace is given", () => {
  const of = (hostRequirements: unknown) =>
    read({ "devcontainer.json": JSON.stringify({ features: { "x/git:1": {} }, hostRequirements }) });
  const { definition, rows } = of({ cpus: 4, memory: "8gb", storage: "500MB", gpu: true });
  expect(definition?.resource_requirements).toEqual({ cpu: "4", ram: "8Gi", storage: "500Mi", network_bandwidth: "20Mbit" });
  expect(refused(rows)).toEqual(["gpu: a workspace has none: what needs one cannot run in it"]);
  const odd = of({ cpus: "many", memory: "8", storage: { a: 1 }, gpu: "optional" });
  expect(odd.definition?.resource_requirements).toEqual({ cpu: "1", ram: "2Gi", storage: "10Gi", network_bandwidth: "20Mbit" });
  expect(refused(odd.rows).length).toBe(3);
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

test.each([
  ["LibreOffice", "apt:libreoffice", "in small letters"],
  ["ca-certificates \\", "apt:ca-certificates", undefined],
  ["adduser\t\tinstall", "apt:adduser", undefined],
  ["zlib1g deinstall", undefined, "nothing to do"],
  ["sudo apt-get install -y curl", undefined, "write the names of its packages alone"],
  ["fonts-*", undefined, "write the name of each package"],
  ["nano-", undefined, "asks apt to remove it"],
  ["a-dev | b-dev", undefined, "write one of them"],
  ["openssh-client (>= 1:8)", undefined, "write it as jq or jq=1.6-2.1"],
  ["nodejs=20.*", undefined, "write it as apt:jq or apt:jq=1.6-2.1"],
  ["-y", undefined, "leave it out"],
])("apt.txt: %j becomes %s: %s", (line, becomes, why) => {
  const { rows } = read({ "apt.txt": `${line}\n` });
  expect(rows.map((row) => row.becomes)).toEqual([becomes]);
  if (why !== undefined) expect(rows[0]?.why).toContain(why);
});

test.each([
  ["dataclasses==0.8", "changed", "a part of Python itself"],
  ["pkg-resources==0.0.0", "changed", "comes with setuptools"],
  ["pywin32==227", "not_carried", "for Windows or macOS alone: leave it out"],
])("no workspace needs %s", (line, outcome, why) => {
  expect(read({ "requirements.txt": `${line}\n` }).rows).toMatchObject([{ outcome, why }]);
});

test("options behind a requirement are left out, and that is told", () => {
  expect(read({ "requirements.txt": "flash-attn --no-build-isolation\n" }).rows).toMatchObject([
    { outcome: "changed", becomes: "pip:flash-attn", why: "without its options, which the build sets" },
  ]);
});

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
    required_applications: ["npm:react@^19.0.0", "npm:left@1.x||2", "npm:any", "npm:vite", "npm:prettier@3.3.3"],
  });
  expect(refused(rows).map((text) => text.split(": ")[0])).toEqual(["mine", "other"]);
});

test("lists of the distribution's packages: apt.txt, packages.txt, Aptfile", () => {
  expect(applications({ "apt.txt": "gnumeric\n# a comment\njq=1.6-2.1\n" })).toEqual(["apt:gnumeric", "apt:jq=1.6-2.1"]);
  expect(applications({ "packages.txt": "graphviz ffmpeg\n" })).toEqual(["apt:graphviz", "apt:ffmpeg"]);
  const { definition, rows } = read({
    Aptfile: "libpq-dev\n:repo:deb http://example.org stable main\nhttps://example.org/x.deb\ncurl:amd64/bookworm\n",
  });
  expect(definition?.required_applications).toEqual(["apt:libpq-dev", "apt:curl"]);
  expect(refused(rows).map((text) => text.split(": ").at(-1)?.split(" ").slice(0, 7).join(" "))).toEqual(
    Array(2).fill("packages come by name from the machine's"),
  );
});

test("devcontainer.json: image, features, commands that only install, variables; ports and extensions are listed", () => {
  const files = {
    ".devcontainer/devcontainer.json": `{
  // with comments
  "name": "Lesson",
  "image": "mcr.microsoft.com/devcontainers/python:1-3.12-bookworm",
  "features": { "ghcr.io/devcontainers/features/github-cli:1": {}, "ghcr.io/devcontainers/features/docker-in-docker:2": {},
    "ghcr.io/rocker-org/devcontainer-features/apt-packages:1": { "packages": "curl, tree" } },
  "postCreateCommand": "sudo apt-get update && sudo apt-get install -y jq && pip install -r requirements.txt humanize && ./setup.sh",
  "containerEnv": { "MODE": "lesson", "HERE": "\${containerWorkspaceFolder}" },
  "forwardPorts": [3000],
  "customizations": { "vscode": { "extensions": ["ms-python.python"] } },
}`,
    "requirements.txt": "polars\n",
  };
  const { definition, rows } = read(files);
  expect(definition).toMatchObject({
    persona_name: "Lesson",
    required_applications: ["apt:gh", "apt:curl", "apt:tree", "apt:jq", "pip:polars", "pip:humanize"],
    application_configuration: { variables: { MODE: "lesson" } },
  });
  expect(refused(rows).map((text) => text.split(": ")[0])).toEqual([
    "feature ghcr.io/devcontainers/features/docker-in-docker:2",
    "containerEnv HERE",
    "./setup.sh",
    "forwardPorts 3000",
    "extension ms-python.python",
  ]);
});

test(".tool-versions: what there is, and what there is not", () => {
  const { definition, rows } = read({ ".tool-versions": "python 3.11.4\nnodejs 20.1.0\njava temurin-21\nterraform 1.5\n" });
  expect(definition).toMatchObject({ required_applications: ["apt:default-jdk"], runtimes: { node: "20" } });
  expect(refused(rows)).toEqual(["terraform 1.5: Debian does not have it: fetch it in the workspace"]);
});

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
  [`pip install -c c.txt flask`, ["pip:flask"]],
  [`pip install -t lib --python 3.11 rich`, ["pip:rich"]],
  [`pip install foo || true`, []],
  [`pip install rich # done`, []],
  [`pip install 'rich; python_version<"3.8"' "uvicorn[standard]"`, ["pip:uvicorn[standard]"]],
  [`sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -t bookworm-backports jq`, ["apt:jq"]],
  [`apt-get install -y curl | tee log`, []],
  [`curl https://example.org/x | sh`, []],
  [`(cd api && pip install rich)`, []],
  [`echo "a; b && c"; pip install rich`, ["pip:rich"]],
  [`mamba install -y -c conda-forge -n base polars=1.2 pytorch`, ["pip:polars==1.2.*", "pip:torch"]],
  [`conda activate base`, []],
])("of the command %s only what it installs is taken", (command, expected) => {
  expect(applications({ "devcontainer.json": JSON.stringify({ postCreateCommand: command }) })).toEqual(expected);
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

test.each([
  ["anchors without end", "environment.yml", `dependencies:\n${"- &a ".repeat(40_000)}`],
  ["nesting without end", "environment.yml", `dependencies: ${"[".repeat(60_000)}`],
  ["keys without end", "environment.yml", Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`).join("\n")],
  ["lines without end", "requirements.txt", Array.from({ length: 50_000 }, (_, index) => `p${index}`).join("\n")],
  ["a line without end", "requirements.txt", "abc \\\n".repeat(40_000)],
  ["a word without end", "requirements.txt", "a".repeat(250_000)],
  [
    "dependencies without end",
    "package.json",
    JSON.stringify({ dependencies: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`p${index}`, "1"])) }),
  ],
])(
  "%s end soon",
  (_, name, content) => {
    expect(read({ [name]: content }).rows.length).toBeLessThan(5_010);
  },
  2_000,
);

test("a list that is longer than any is refused unread, and the others are read", () => {
  const big = JSON.stringify({ dependencies: { x: "1".repeat(10 * 2 ** 20) } });
  const { definition, rows } = read({ "package.json": big, "apt.txt": "jq\n" }, "package.json", "apt.txt");
  expect(refused(rows)).toEqual(["package.json: is longer than 256 KiB: split it"]);
  expect(definition?.required_applications).toEqual(["apt:jq"]);
}, 2_000);

test("five thousand lines are too many for one persona, and that is said first", () => {
  const { definition, rows } = read({ "requirements.txt": Array.from({ length: 4_999 }, (_, index) => `p${index}`).join("\n") });
  expect(definition).toBeUndefined();
  expect(rows[0]).toMatchObject({ text: "4999 packages", why: "a persona has 300 at most: split the list" });
}, 2_000);

test("lists that name each other in a circle are read once", () => {
  const files = {
    "environment.yml": "dependencies:\n  - pip:\n    - -r a.txt\n    - -r a.txt\n",
    "a.txt": "-r b.txt\n-c b.txt\nrich\n",
    "b.txt": "-r a.txt\n-r b.txt\ntyper\n",
  };
  const { definition, rows } = read(files);
  expect(definition?.required_applications).toEqual(["pip:typer", "pip:rich"]);
  expect(rows.filter(({ why }) => why?.endsWith("is read already")).length).toBeGreaterThan(2);
});

const HOSTILE = [
  "--registry=http://x.example",
  "-e",
  "../x",
  "/etc/passwd",
  "https://x.example/x.tgz",
  "file:///x",
  "git+ssh://x.example/x",
  "$(id)",
  "a;id",
];

test.each([
  ["requirements.txt", (name: string) => `${name}\n`],
  ["apt.txt", (name: string) => `${name}\n`],
  ["Aptfile", (name: string) => `${name}\n`],
  [".tool-versions", (name: string) => `${name} 1.0\n`],
  ["pyproject.toml", (name: string) => `[project]\ndependencies = [${JSON.stringify(name)}]\n`],
  ["pyproject.toml", (name: string) => `[tool.poetry.dependencies]\n${JSON.stringify(name)} = "*"\n`],
  ["environment.yml", (name: string) => `dependencies: [${JSON.stringify(name)}, { pip: [${JSON.stringify(name)}] }]\n`],
  ["package.json", (name: string) => JSON.stringify({ dependencies: { [name]: "1" } })],
  ["package.json", (name: string) => JSON.stringify({ dependencies: { a: name } })],
  ["package.json", (name: string) => JSON.stringify({ packageManager: `pnpm@${name}` })],
  [
    "devcontainer.json",
    (name: string) => JSON.stringify({ features: { [name]: {} }, image: name, postCreateCommand: ["pip", "install", name] }),
  ],
  ["devcontainer.json", (name: string) => JSON.stringify({ postCreateCommand: ["npm", "install", "-g", name] })],
  ["devcontainer.json", (name: string) => JSON.stringify({ postCreateCommand: ["apt-get", "install", name] })],
])("names in %s that are options, paths, addresses or commands are no packages: %s", (file, listOf) => {
  for (const name of HOSTILE) {
    const { definition, rows } = read({ [file]: listOf(name) });
    expect([name, definition?.required_applications ?? []]).toEqual([name, []]);
    for (const { why } of rows) expect(why?.length).toBeGreaterThan(5);
  }
});

test("lists after one that is too long are not read, and that is told once", () => {
  const lines = Array.from({ length: 6_000 }, (_, index) => `p${index}`).join("\n");
  const { rows } = read({ "requirements.txt": lines, Gemfile: "x", "package.json": "{" }, "requirements.txt", "Gemfile", "package.json");
  expect(rows.filter(({ why }) => why?.includes("the rest was not read") === true).length).toBe(1);
});

test("several lists become one persona, and every draft is valid", () => {
  const { definition } = read({ "requirements.txt": "polars\n", "apt.txt": "gnumeric\n" }, "requirements.txt", "apt.txt");
  expect(definition?.required_applications).toEqual(["pip:polars", "apt:gnumeric"]);
  const installation = { defaultEnvironment: "development", dataSources: [], openedRanges: [], unenforced: [] };
  expect(validatePersona(definition, { catalog, installation })).toMatchObject({ definition: { persona_id: "imported" } });
});

test.each([
  ["a list of which nothing is carried", { "requirements.txt": "-e .\n" }],
  ["JSON that is none", { "package.json": "{" }],
  ["TOML that is none", { "pyproject.toml": "[project" }],
  [
    "YAML that grows without end",
    {
      "environment.yml": `a: &a [x,x]\n${[..."bcdefghij"].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefghij"[i]}`).join(",")}]`).join("\n")}\ndependencies: *j\n`,
    },
  ],
  ["a list of another kind", { Gemfile: "gem 'rails'\n" }],
  ["a list that is too long", { "requirements.txt": Array.from({ length: 5_000 }, (_, index) => `package-${index}`).join("\n") }],
])("%s gives no draft, and says why", (_, files) => {
  const { definition, rows } = read(files as unknown as Record<string, string>);
  expect(definition).toBeUndefined();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows[0]?.why?.length).toBeGreaterThan(5);
});
