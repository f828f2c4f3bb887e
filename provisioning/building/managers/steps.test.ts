import { expect, test } from "vitest";
import { apt } from "./apt.ts";
import { npm } from "./npm.ts";
import { pip } from "./pip.ts";

test.each([
  [apt, "dlstatus:1:12.5:Retrieving file 3 of 118", { percent: 12.5, message: "Retrieving file 3 of 118" }],
  [apt, "pmstatus:libfoo:23.0400:Unpacking libfoo (amd64)", { percent: 23.04, message: "Unpacking libfoo (amd64)" }],
  [apt, "pmstatus:libfoo:amd64:23.0400:Unpacking libfoo (amd64)", { percent: 23.04, message: "Unpacking libfoo (amd64)" }],
  [apt, "Setting up libfoo ...", undefined],
  [apt, "E: Unable to locate package x", undefined],
  [pip, "Resolved 91 packages in 1.2s", { percent: 35, message: "Fetching 91 packages" }],
  [pip, "  × No solution found when resolving dependencies:", undefined],
  [npm, "npm http fetch GET 200 https://r.example/prettier 23ms", { percent: undefined, message: "Fetching prettier" }],
  [
    npm,
    "npm http fetch GET 200 https://r.example/@scope%2fname 23ms (cache miss)",
    { percent: undefined, message: "Fetching @scope/name" },
  ],
  [npm, "npm http fetch GET 200 https://r.example/esbuild/-/esbuild-1.0.0.tgz 9ms", { percent: undefined, message: "Fetching esbuild" }],
  [npm, "npm error 404 Not Found", undefined],
])("reads what the manager says: %#", (manager, line, step) => {
  expect(manager.readStep(line)).toEqual(step);
});
