/** Holds the Guise that acceptance tests share, until SIGTERM; its argument is the process of the test run. Says "up" when it is, and exits with 1 when a call to its engine broke a rule. */
import { rmSync, writeFileSync } from "node:fs";
import { endSharedGuise, SHARED_GUISE } from "#drivers/docker/shared-guise";
import { World } from "./world.ts";

await endSharedGuise();
const world = await World.open();
writeFileSync(SHARED_GUISE, JSON.stringify({ pid: process.pid, run: Number(process.argv[2]), folder: world.path("") }));
process.once("SIGTERM", async () => {
  await world.close();
  rmSync(SHARED_GUISE, { force: true });
  process.exit(0);
});
process.stdout.write("up\n");
