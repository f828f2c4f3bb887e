import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MODULES_SCRIPT, NODE_MODULES, PYTHON_SITES } from "./modules-script.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-modules-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** As an installer leaves it: only its metadata are read. */
function installed(name: string, ...paths: readonly string[]): void {
  const info = `site/${name.replaceAll("-", "_")}-1.dist-info`;
  write(`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: 1\n`);
  write(`${info}/RECORD`, paths.map((path) => `${path},,\n`).join(""));
}

function modules(...named: readonly string[]): string[] {
  write("named", named.map((line) => `${line.replace(" ", "\t")}\n`).join(""));
  const script = MODULES_SCRIPT.replaceAll(PYTHON_SITES, join(folder, "site")).replaceAll(NODE_MODULES, join(folder, "node_modules"));
  const said = execFileSync("bash", ["-euo", "pipefail", "-s"], { input: script, encoding: "utf8", env: { ...process.env, B: folder } });
  return said.split("\n").filter(Boolean);
}

/** A machine that builds needs none of its own: the image's reads them. */
const HAS_PYTHON = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!HAS_PYTHON)("of Python's packages the outermost modules are told, by what they list", () => {
  installed("python-dateutil", "dateutil/__init__.py", "dateutil/tz/__init__.py", "dateutil/parser.py", "__pycache__/x.cpython-311.pyc");
  installed("google-protobuf", "google/protobuf/__init__.py", "google/protobuf/internal/__init__.py", "google/_upb/_message.abi3.so");
  installed("six", "six.py", "../../../bin/six.py", "six-1.dist-info/METADATA", "not-a-name.py");
  installed("empty", "empty-1.dist-info/METADATA");
  expect(modules("python Python_DateUtil", "python google-protobuf", "python six", "python empty", "python gone")).toEqual([
    "module\t0\tdateutil",
    "module\t1\tgoogle.protobuf",
    "module\t2\tsix",
  ]);
});

test("a package of npm has a module where it has an entry", () => {
  const manifests = {
    plain: { main: "lib/index.js" },
    typed: { main: "" },
    none: {},
    modern: { exports: "./index.js" },
    conditions: { exports: { import: "./index.js" } },
    entered: { exports: { ".": "./index.js", "./part": "./part.js" } },
    parts: { main: "index.js", exports: { "./part": "./part.js" } },
    "@scope/name": { main: "index.js" },
  };
  for (const [name, manifest] of Object.entries(manifests)) write(`node_modules/${name}/package.json`, JSON.stringify(manifest));
  write("node_modules/broken/package.json", "{");
  write("node_modules/old/package.json", "{}");
  write("node_modules/old/index.js", "");
  const names = [...Object.keys(manifests), "broken", "old", "gone"];
  expect(modules(...names.map((name) => `node ${name}`)).map((line) => names[Number(line.split("\t")[1])])).toEqual([
    ...["plain", "modern", "conditions", "entered", "@scope/name", "old"],
  ]);
});
