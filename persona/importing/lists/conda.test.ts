import { expect, test } from "vitest";
import { applications, read, refused } from "../test-import.ts";

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
  ["r-base=4.3", "r"],
  ["r-data.table", "apt:r-cran-data.table"],
  ["bioconductor-deseq2", "apt:r-bioc-deseq2"],
  ["django-rest-framework", "pip:djangorestframework"],
  ["qgis", "qgis"],
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

test("what is no text among conda's packages is told with its line", () => {
  const { rows } = read({ "environment.yml": "dependencies:\n  - 3\n  - null\n  - pip: humanize\n  - pip:\n    - 4\n" });
  expect(rows.map(({ line, outcome }) => [line, outcome])).toEqual([2, 3, 4, 6].map((line) => [line, "not_carried"]));
});
