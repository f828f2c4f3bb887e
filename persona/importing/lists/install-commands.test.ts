import { expect, test } from "vitest";
import { applications, read, refused } from "../test-import.ts";

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
  [`conda install --file list.txt rich`, ["pip:rich"]],
  [`(cd api && pip install -r requirements.txt && pip install rich)`, []],
  [`cd $HOME && pip install -r requirements.txt && pip install rich`, ["pip:rich"]],
  [`pushd api && pip install -r requirements.txt`, []],
])("of the command %s only what it installs is taken", (command, expected) => {
  expect(applications({ "devcontainer.json": JSON.stringify({ postCreateCommand: command }), "requirements.txt": "polars\n" })).toEqual(
    expected,
  );
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
    "pip install -r x.txt: reads x.txt in a folder that is not known here: import that one as well",
    "-e .[dev]: pyproject.toml was not given: import it as well",
    "poetry install: pyproject.toml was not given: import it as well",
  ]);
});
