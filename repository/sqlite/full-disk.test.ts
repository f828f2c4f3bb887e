import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const SCRIPT = new URL("./filling-process.ts", import.meta.url).pathname;
/** A disk of 8 MiB that only the process and its children see, and that ends with them. */
const ON_SMALL_DISK = ["-rm", "sh", "-c", 'mount -t tmpfs -o size=8m none "$0" && exec "$@"'];
const canMount = spawnSync("unshare", [...ON_SMALL_DISK, tmpdir(), "true"]).status === 0;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-full-disk-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.skipIf(!canMount)(
  "a full disk is told, loses nothing that was acknowledged, and is over when there is room",
  { timeout: 60_000 },
  async () => {
    const { stdout } = await promisify(execFile)("unshare", [...ON_SMALL_DISK, folder, process.execPath, SCRIPT, folder]);
    const { count, ...facts } = JSON.parse(stdout) as { count: number };
    expect(facts).toEqual({ codes: ["database_full"], last: "after", missing: [], readable: true });
    expect(count).toBeGreaterThan(100);
  },
);
