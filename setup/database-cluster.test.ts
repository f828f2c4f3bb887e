import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withoutDatabaseCluster } from "./database-cluster.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guise-cluster-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("while something installs, Debian is told to make no database; afterwards it may again", async () => {
  const at = join(folder, "createcluster.d");
  const said = await withoutDatabaseCluster(async () => {
    const [name = ""] = await readdir(at);
    return { name, text: await readFile(join(at, name), "utf8") };
  }, at);
  // Other names are passed over, by Debian's own reading of the folder.
  expect(said).toEqual({ name: expect.stringMatching(/^[^.].*\.conf$/), text: "create_main_cluster = false\n" });
  expect(await readdir(at)).toEqual([]);
  await expect(withoutDatabaseCluster(() => Promise.reject(new Error("no network")), at)).rejects.toThrow("no network");
  expect(await readdir(at)).toEqual([]);
});
