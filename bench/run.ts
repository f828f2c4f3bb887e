/** `npm run bench [NAME …]`: runs the benchmarks, each in a process of its own, and prints their figures. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { bringDevelopmentNeeds, ProgressLines } from "#setup";

const BENCHES = [
  "admission",
  "commits",
  "waiting",
  "requests",
  "memory",
  "usage",
  "portal",
  "terminal",
  "web",
  "desktop",
  "hostile",
  "builds",
  "streams",
  "strangers",
  "sources",
] as const;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(BENCHES as readonly string[]).includes(name));
if (unknown.length > 0) {
  process.stderr.write(`error: no benchmark is called ${unknown.join(", ")}\ntry: ${BENCHES.join(", ")}\n`);
  process.exit(2);
}

await bringDevelopmentNeeds(dirname(import.meta.dirname), new ProgressLines(process.stdout));
let failed = 0;
for (const name of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n# ${name}\n`);
  const { status } = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, `${name}.ts`)], { stdio: "inherit" });
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
