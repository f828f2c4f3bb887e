import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { TELL_ASKED } from "./npm-asked.ts";

const EITHER = { install: "prebuild-install -r napi || node-gyp rebuild" };
const BEGUN = 1_700_000_000;

/** What is told where each package asked for `elsewhere.example`; `made`: when its native part was made, in seconds after the scripts began. */
function told(packages: readonly { readonly name: string; readonly scripts?: object; readonly made?: number }[]): string[] {
  const box = mkdtempSync(join(tmpdir(), "guise-asked-"));
  try {
    const scripted = packages.map(({ name, scripts, made }, at) => {
      const folder = join(box, String(at));
      mkdirSync(join(folder, "build", "Release"), { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name, scripts }));
      const native = join(folder, "build", "Release", "frob.node");
      if (made !== undefined) writeFileSync(native, "");
      if (made !== undefined) utimesSync(native, BEGUN + made, BEGUN + made);
      return `${name}\t${folder}\n`;
    });
    writeFileSync(join(box, "scripted"), scripted.join(""));
    writeFileSync(join(box, "asked"), packages.map(({ name }) => `${name}\telsewhere.example\n`).join(""));
    writeFileSync(join(box, "hear-names"), "");
    utimesSync(join(box, "hear-names"), BEGUN, BEGUN);
    const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
    const said = execFileSync("bash", ["--norc", "-euc", TELL_ASKED], { encoding: "utf8", env: { PATH, B: box } });
    return said.split("\n").filter(Boolean);
  } finally {
    rmSync(box, { recursive: true });
  }
}

test("who asked and went on is told once, in the order of the names", () => {
  expect(
    told([
      { name: "two", scripts: { postinstall: "node get.js" } },
      { name: "@a/one", scripts: { install: "node get.js" } },
    ]),
  ).toEqual(["asked\t@a/one\telsewhere.example", "asked\ttwo\telsewhere.example"]);
  expect(told([{ name: "two" }, { name: "two" }])).toHaveLength(1);
});

test.each([
  ["made it instead", { scripts: EITHER, made: 1 }, 0],
  ["made it instead, by node-pre-gyp", { scripts: { install: "node-pre-gyp install --fallback-to-build" }, made: 1 }, 0],
  ["made nothing", { scripts: EITHER }, 1],
  ["came with what was made elsewhere", { scripts: EITHER, made: -60 }, 1],
  ["made something, and has another script that may have asked", { scripts: { ...EITHER, postinstall: "node get.js" }, made: 1 }, 1],
  ["made something beside what it asked for", { scripts: { install: "node-gyp rebuild && node get.js" }, made: 1 }, 1],
])("of a package that asked for its native part and %s", (_, { ...one }, lines) => {
  expect(told([{ name: "frob", ...one }])).toHaveLength(lines);
});

test("where two versions of a package are there, both must have made theirs", () => {
  const made = { name: "frob", scripts: EITHER, made: 1 };
  expect(told([made, made])).toEqual([]);
  expect(told([made, { name: "frob", scripts: EITHER }])).toHaveLength(1);
});
