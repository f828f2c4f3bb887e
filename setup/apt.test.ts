import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aptInstall, statusOf } from "./apt.ts";

/** Like apt: the descriptor of the status lines is not handed on to the packages' scripts, which print and fail when they cannot. */
const APT = `#!/bin/bash
set -e
echo "reading lists"
[ "$1" = install ] || exit 0
[[ "$*" =~ Status-Fd=([0-9]+) ]] && status=\${BASH_REMATCH[1]}
echo "pmstatus:docker.io:50.0:Configuring docker.io" >&$status
( eval "exec $status>&-"; echo "Adding group docker" ) || { echo "dpkg: error processing package docker.io" >&2; exit 100; }
[ "\${!#}" != no-such-package ] || { echo "E: Unable to locate package no-such-package"; exit 100; }
`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-apt-"));
  writeFileSync(join(folder, "apt-get"), APT, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("packages whose scripts print are installed, with progress", async () => {
  const seen: unknown[] = [];
  await aptInstall(["docker.io"], { progress: (...said) => seen.push(said) });
  expect(seen).toEqual([
    ["reading package lists", 0],
    ["Configuring docker.io", 65],
  ]);
});

test("what apt said last comes with a coded error, and what to type", async () => {
  await expect(aptInstall(["no-such-package"], { progress: () => {} })).rejects.toMatchObject({
    code: "packages_not_installed",
    message: expect.stringMatching(/Unable to locate package no-such-package\ntry: apt-get install no-such-package, then this again$/),
  });
});

test("fetching is the first third of the way", () => {
  expect(statusOf("dlstatus:1:50.0:Retrieving file 1 of 2")).toEqual({ message: "Retrieving file 1 of 2", percent: 15 });
  expect(statusOf("media-change: CD")).toBeUndefined();
});
