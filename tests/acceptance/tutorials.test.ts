import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { follow } from "../../docs/follow.ts";
import { World } from "./support/world.ts";

/**
 * Both tutorials, followed word by word; the second goes on where the first ends.
 * Slow: images of the tutorials' personas are built, and JupyterLab is opened.
 */
const ROOT = join(import.meta.dirname, "..", "..");
const PERSONAS = {
  "code-reviewer": "engineering",
  "marketing-report-creator": "marketing",
  "log-investigator": "operations",
  "data-analyst": "analytics",
};
let world: World;
let folder: string;

beforeAll(async () => {
  world = await World.open();
  for (const [persona, group] of Object.entries(PERSONAS))
    await world.guise("persona", "publish", join(ROOT, "personas", `${persona}.json`), "--group", group);
  folder = mkdtempSync(join(tmpdir(), "guise-tutorial-"));
  symlinkSync(join(ROOT, "personas"), join(folder, "personas"));
  const command = `exec '${process.execPath}' '${join(ROOT, "agent", "command", "main.ts")}' "$@"`;
  writeFileSync(join(folder, "guise"), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
});
afterAll(async () => {
  await world?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test.each(["use-a-persona", "write-a-persona"])("%s goes as it says", async (name) => {
  const environment = { PATH: process.env.PATH, HOME: folder, GUISE_CREDENTIALS: world.credentials("owner"), NO_COLOR: "1" };
  const told: string[] = [];
  const started = await follow(join(ROOT, "docs", "tutorials", `${name}.md`), { folder, environment, tell: (line) => told.push(line) });
  expect(started).toEqual([]);
  expect(told.length).toBeGreaterThan(10);
});
