import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMPONENTS } from "./components.ts";

/**
 * The control plane has one thread, and whoever waits on it makes everybody wait. No call that blocks stands in the folders of what runs,
 * apart from these, which the thread never comes to while it serves.
 */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "daemon/configuration.ts": "read once, before anything is served",
  "daemon/open-files.ts": "asked once, before anything is served",
  "daemon/portal-folder.ts": "asked once, before anything is served",
  "daemon/process-file.ts": "at the start, at the end, and in commands of their own",
  "daemon/up.ts": "a command of its own",
  "provisioning/drivers/docker/reading/home-mounts.ts": "in the reader's process",
  "provisioning/drivers/docker/reading/kernel-file.ts": "in the reader's process",
  "provisioning/drivers/docker/reading/kernel-log.ts": "in the reader's process",
  "provisioning/drivers/docker/reading/readings.ts": "in the reader's process",
  "repository/migrations/write-schema.ts": "a command of its own",
  "repository/sqlite/backup.ts": "in the database's thread",
  "repository/sqlite/control-lock.ts": "when the database is opened",
  "repository/sqlite/database-file.ts": "when the database is opened",
  "repository/sqlite/filling-process.ts": "a process of a test",
  "repository/sqlite/installation-file.ts": "when the database is opened",
  "repository/sqlite/migrate.ts": "in the database's thread",
  "repository/sqlite/open-database.ts": "in the database's thread",
  "repository/sqlite/private-files.ts": "when the database is opened",
  "repository/sqlite/run-batch.ts": "in the database's thread",
  "repository/sqlite/worker.ts": "in the database's thread",
  "repository/usage/usage-worker.ts": "in the thread of usage",
};
/** What is no part of the control plane that runs: the command and the page, and what comes before a start. */
const APART = ["agent", "portal", "setup", "provisioning/inside"];
const IS_TEST = /\.(?:test|fixture)\.ts$|\/test-support\/|-world\.ts$/;
/** Names of calls that block, as they are imported or called: `readFileSync`, `execSync`, `DatabaseSync`. */
const BLOCKING = /^(?!\s*(?:\*|\/\/|\/\*)).*\b[a-zA-Z]+Sync\b/m;
/** Makes a key in a tenth of a millisecond, and waits for nobody. */
const HARMLESS = /generateKeyPairSync/g;

const folders = COMPONENTS.map(({ folder }) => folder).filter((folder) => !APART.includes(folder) && !folder.includes("/"));
const files = folders
  .flatMap((folder) => globSync(`${folder}/**/*.ts`))
  .filter((file) => !IS_TEST.test(file) && !file.includes("node_modules"));
const blocking = files.filter((file) => BLOCKING.test(sourceOf(file)));

/** Programs that an image's builder runs are text here. */
function sourceOf(file: string): string {
  return readFileSync(file, "utf8")
    .replace(HARMLESS, "")
    .replaceAll(/String\.raw`[\s\S]*?`|`[^`]*\brequire\([\s\S]*?`/g, "");
}

test("no call that blocks stands where everybody would wait for it", () => {
  expect(files.length).toBeGreaterThan(300);
  expect(blocking.filter((file) => ELSEWHERE[file] === undefined)).toEqual([]);
});

test("the list names nothing that does not block any more", () => {
  expect(Object.keys(ELSEWHERE).filter((file) => !blocking.includes(file))).toEqual([]);
});

test("what blocks is imported by its own kind alone", () => {
  const reader = Object.keys(ELSEWHERE).filter((file) => file.includes("/reading/"));
  const names = reader.map((file) => file.split("/").at(-1) ?? "");
  const importers = files.filter(
    (file) => !file.includes("/reading/") && names.some((name) => readFileSync(file, "utf8").includes(`/reading/${name}"`)),
  );
  expect(importers).toEqual([]);
});
