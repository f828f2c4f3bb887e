import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fakeTerminal } from "../../testing/terminal.ts";
import { App } from "../app.ts";
import { guiseProgram } from "../program.ts";
import { SHELL_SCRIPTS } from "./shell-scripts.ts";
import { type Known, suggestionsFor } from "./suggestions.ts";

const program = guiseProgram(new App(fakeTerminal().context));
const known: Known = {
  personas: async () => [
    { value: "data-analyst", description: "Data Analyst" },
    { value: "code-reviewer", description: "Code Reviewer" },
  ],
  applications: async (persona) => [{ value: `app-of-${persona}`, description: "" }],
};

test.each<[string, string[], boolean]>([
  ["re", ["request", "resume", "resize", "release"], false],
  ["request ", ["data-analyst", "code-reviewer"], false],
  ["request da", ["data-analyst"], false],
  ["request data-analyst --pri", ["--priority"], false],
  ["request data-analyst --priority h", ["high"], false],
  ["request -e ", [], false],
  ["launch data-analyst ", ["app-of-data-analyst"], false],
  ["persona pub", ["publish", "publish-draft"], false],
  ["persona publish ", [], true],
  ["persona diff data-analyst --file ", [], true],
  ["cp ", [], true],
  ["persona diff data-analyst ", [], false],
  ["run data-analyst -i ", [], true],
  ["run data-analyst -- ", [], false],
  ["completion ", ["bash", "zsh", "fish"], false],
  ["nonsense ", [], false],
])("%j is completed", async (line, values, files) => {
  const found = await suggestionsFor(program, line.split(" "), known);
  expect([[...found.values.map(({ value }) => value)].sort(), found.files]).toEqual([[...values].sort(), files]);
});

test("the asking verb itself is not offered", async () => {
  expect((await suggestionsFor(program, ["compl"], known)).values.map(({ value }) => value)).toEqual(["completion"]);
});

test("bash offers what the command says, files where it says so, and asks the very command that is typed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "guise-completion-"));
  try {
    await writeFile(join(folder, "guise"), '#!/bin/sh\nprintf "%s\\tx\\n" "$#" "$4"\necho :files\n');
    await chmod(join(folder, "guise"), 0o755);
    await writeFile(join(folder, "script"), SHELL_SCRIPTS.bash);
    const script = `source ./script; compopt() { echo "compopt $*"; }; COMP_WORDS=(./guise cp "a b" c); COMP_CWORD=2; _guise; printf '%s|' "\${COMPREPLY[@]}"`;
    expect(execFileSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" })).toBe("compopt -o default\n4|a b|");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
