import { expect, test } from "vitest";
import { read } from "./test-import.ts";

test.each([
  ["requirements.txt", "sklearn", "pip:scikit-learn", "its name in Python's index"],
  ["requirements.txt", "sklearn==0.0", "pip:scikit-learn", "its name in Python's index; without the version, which is another package's"],
  ["requirements.txt", "opencv==4.5", "pip:opencv-python-headless==4.5", "its name in Python's index"],
  ["requirements.txt", "jwt", "pip:pyjwt", "its name in Python's index"],
  ["requirements.txt", "jwt==1.3.1", "pip:jwt==1.3.1", undefined],
  ["apt.txt", "firefox", "firefox", "its name in Debian; the catalog's application"],
  [
    "apt.txt",
    "chromium-browser=1:85",
    "chromium",
    "its name in Debian; without the version, which is another package's; the catalog's application",
  ],
])("%s: what people call %s is known as %s", (name, line, becomes, why) => {
  expect(read({ [name]: `${line}\n` }).rows).toEqual([
    { file: name, line: 1, text: line, outcome: why === undefined ? "carried" : "changed", becomes, ...(why === undefined ? {} : { why }) },
  ]);
});

test.each([
  ["apt.txt", "sqlite3", "sqlite"],
  ["apt.txt", "exa", "apt:exa"],
  ["apt.txt", "postgresql-client", "psql"],
  ["apt.txt", "r-base", "r"],
  ["apt.txt", "openssh-client", "apt:openssh-client"],
  ["apt.txt", "gettext", "apt:gettext"],
  ["requirements.txt", "radian", "radian"],
  ["requirements.txt", "jupyterlab", "jupyterlab"],
  ["requirements.txt", "ansible-core", "ansible"],
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
    becomes.includes(":") ? { outcome: "carried", becomes } : { outcome: "changed", becomes, why: "the catalog's application" },
  ]);
});
