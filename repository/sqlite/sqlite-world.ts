import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, silentLog } from "#foundation";
import type { World } from "../contract-fixtures.ts";
import { openSqliteRepository } from "./open-sqlite-repository.ts";

/** A store in a folder of its own, for the contract suite. */
export async function sqliteWorld(options: { revisionsKept: number }): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "guise-repository-"));
  const clock = new ManualClock();
  let commits = 0;
  const onCommit = () => {
    commits++;
  };
  const repository = await openSqliteRepository({ folder, installation: "i-1", clock, log: silentLog, onCommit, ...options });
  const end = async () => {
    await repository.close();
    rmSync(folder, { recursive: true });
  };
  return { repository, clock, commits: () => commits, end };
}
