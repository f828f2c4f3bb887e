/**
 * A process that fills the small disk of its store, makes room, and goes on. Run by a test: node filling-process.ts FOLDER
 * Prints one JSON document: what was acknowledged, how the full disk was told, and what is there after opening again.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, silentLog, systemClock } from "#foundation";
import { openSqliteRepository } from "./open-sqlite-repository.ts";

const disk = process.argv[2] ?? "";
const options = { folder: join(disk, "state"), installation: "i-1", clock: systemClock, log: silentLog };
// Room for the log to flow into the database once it is free.
const ballast = join(disk, "ballast");
const acknowledged: string[] = [];
const codes = new Set<string>();

let repository = await openSqliteRepository(options);
writeFileSync(ballast, Buffer.alloc(5 * 1024 * 1024));

async function write(name: string): Promise<void> {
  try {
    await repository.setSetting(name, "x".repeat(2000));
    acknowledged.push(name);
  } catch (error) {
    codes.add(codeOf(error) ?? "none");
  }
}

for (let round = 0; codes.size === 0; round++) await Promise.all(["a", "b", "c", "d"].map((name) => write(`${name}-${round}`)));
for (const name of ["full-1", "full-2"]) await write(name);
const readWhileFull = await repository.setting("a-0");
rmSync(ballast);
await write("after");
await repository.close();

repository = await openSqliteRepository(options);
const missing: string[] = [];
for (const name of acknowledged) if ((await repository.setting(name)) === undefined) missing.push(name);
await repository.close();
const facts = { count: acknowledged.length, last: acknowledged.at(-1), readable: readWhileFull !== undefined };
process.stdout.write(JSON.stringify({ ...facts, codes: [...codes], missing }));
