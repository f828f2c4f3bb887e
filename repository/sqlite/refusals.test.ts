import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { openSqliteRepository, type SqliteOptions } from "./open-sqlite-repository.ts";

let root = "";
let folder = "";
let path = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guise-refusals-"));
  folder = join(root, "state");
  path = join(folder, "guise.db");
});

afterEach(() => rmSync(root, { recursive: true }));

function open(change: Partial<SqliteOptions> = {}) {
  return openSqliteRepository({ folder, installation: "i-1", clock: new ManualClock(), log: silentLog, ...change });
}

/** A store that was used and closed. */
async function used(): Promise<void> {
  const repository = await open();
  for (let index = 0; index < 200; index++) void repository.setSetting(`name-${index}`, "x".repeat(400));
  await repository.close();
}

/** What is on disk, byte for byte, but for the lock and the pid. */
function contents(): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => !name.startsWith("control."));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString("base64")]));
}

async function refusedUntouched(code: string, change: Partial<SqliteOptions> = {}): Promise<void> {
  const before = contents();
  await expect(open(change)).rejects.toMatchObject({ name: "RepositoryError", code, message: expect.stringContaining(folder) });
  expect(contents()).toEqual(before);
}

describe("the folder", () => {
  it("is made for its owner alone, and so is every file in it", async () => {
    const repository = await open();
    await repository.setSetting("a", 1);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
    await repository.close();
  });

  it("is refused when others may look into it, or into a file of it", async () => {
    await used();
    for (const [place, mode, narrow] of [
      [folder, 0o750, 0o700],
      [path, 0o644, 0o600],
      [join(folder, "installation"), 0o660, 0o600],
      [join(folder, "control.lock"), 0o604, 0o600],
    ] as const) {
      chmodSync(place, mode);
      await expect(open()).rejects.toMatchObject({ code: "database_exposed", message: expect.stringContaining(`chmod`) });
      chmodSync(place, narrow);
    }
    await (await open()).close();
  });
});

describe("a damaged database", () => {
  it("that is not one is refused", async () => {
    await used();
    writeFileSync(path, "hello, this is a diary and not a database");
    await refusedUntouched("database_damaged");
  });

  it("that was emptied is refused, and so is one that is gone", async () => {
    await used();
    truncateSync(path, 0);
    await refusedUntouched("database_damaged");
    rmSync(path);
    await refusedUntouched("database_damaged");
    expect(existsSync(path)).toBe(false);
  });

  it("that is gone while its log is there is refused", async () => {
    await used();
    rmSync(path);
    rmSync(join(folder, "installation"));
    writeFileSync(`${path}-wal`, "left over", { mode: 0o600 });
    await refusedUntouched("database_damaged");
  });

  it("that was cut is refused", async () => {
    await used();
    truncateSync(path, statSync(path).size / 2);
    await refusedUntouched("database_damaged");
  });

  it("is found after an unclean end", async () => {
    await used();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 8 * 4096, 12 * 4096);
    writeFileSync(path, bytes);
    writeFileSync(`${path}-wal`, Buffer.alloc(32), { mode: 0o600 });
    await expect(open()).rejects.toMatchObject({ code: "database_damaged" });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});

describe("a foreign database", () => {
  it("of another installation is refused by the folder's record", async () => {
    await used();
    await refusedUntouched("database_foreign", { installation: "i-2" });
  });

  it("of another installation is refused by its own record", async () => {
    await used();
    rmSync(join(folder, "installation"));
    await expect(open({ installation: "i-2" })).rejects.toMatchObject({ code: "database_foreign" });
    await (await open()).close();
  });

  it("of another program is refused", async () => {
    await used();
    rmSync(path);
    rmSync(join(folder, "installation"));
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE recipes (name TEXT)");
    other.close();
    chmodSync(path, 0o600);
    await refusedUntouched("database_foreign");
  });
});

describe("a database of a newer Guise", () => {
  async function withMigration(breaking: 0 | 1): Promise<void> {
    await used();
    const database = new DatabaseSync(path);
    database.exec(`INSERT INTO migrations VALUES (9999, 'from the future', ${breaking}, 1)`);
    database.close();
  }

  it("is refused when the change breaks", async () => {
    await withMigration(1);
    await expect(open()).rejects.toMatchObject({ code: "database_newer", message: expect.stringContaining("from the future") });
  });

  it("is opened with a warning when it does not", async () => {
    await withMigration(0);
    const warnings: string[] = [];
    const repository = await open({ log: { ...silentLog, warn: (_facts, message) => void warnings.push(message) } });
    expect(warnings).toEqual([expect.stringContaining("from the future")]);
    await repository.close();
  });
});

describe("the lock", () => {
  it("lets one in at a time, in one process too, and names the holder", async () => {
    const repository = await open();
    await expect(open()).rejects.toMatchObject({ code: "database_locked", message: expect.stringContaining(String(process.pid)) });
    await repository.setSetting("still", "ours");
    await repository.close();
    await (await open()).close();
  });

  it("is freed by the death of its holder, whose lease is void too", async () => {
    const script = new URL("./writing-process.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script, folder, "hold"], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await expect(open()).rejects.toMatchObject({ code: "database_locked", detail: { pid: child.pid } });
    child.kill("SIGKILL");
    await once(child, "exit");
    const repository = await open();
    expect(await repository.takeLease("loop-2", 60_000)).toBe(true);
    await repository.close();
  });
});

describe("an open store", () => {
  it("does what was asked before it closes, and nothing after", async () => {
    const repository = await open();
    const asked = [repository.setSetting("a", 1), repository.setSetting("b", 2)];
    await Promise.all([repository.close(), repository.close()]);
    await Promise.all(asked);
    await expect(repository.setting("a")).rejects.toMatchObject({ code: "database_failed" });
    const again = await open();
    expect(await again.setting("b")).toBe(2);
    await again.close();
  });

  it("makes a whole backup while it writes, for its owner alone, over no file", async () => {
    const repository = await open();
    const target = join(root, "backup.db");
    await repository.setSetting("before", 1);
    await Promise.all([repository.setSetting("beside", 1), repository.backup(target), repository.setSetting("after", 1)]);
    await expect(repository.backup(target)).rejects.toMatchObject({ code: "database_failed" });
    await repository.close();
    expect(statSync(target).mode & 0o777).toBe(0o600);
    const copy = new DatabaseSync(target, { readOnly: true });
    expect(copy.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(copy.prepare("SELECT value FROM settings WHERE name = 'before'").get()).toEqual({ value: "1" });
    copy.close();
  });
});
