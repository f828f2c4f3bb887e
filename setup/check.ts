/** `npm run check`: types, format and lint. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";

const ROOT = dirname(import.meta.dirname);

const CHECKS = [
  { name: "types", command: join(ROOT, "node_modules", ".bin", "tsc"), args: ["-b"] },
  {
    name: "format and lint",
    command: join(ROOT, "node_modules", ".bin", "biome"),
    args: ["ci", "--error-on-warnings", `--colors=${process.stdout.isTTY ? "force" : "off"}`, "."],
  },
];

let failed = 0;
for (const { name, command, args } of CHECKS) {
  const began = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
  });
  process.stdout.write(`${name}: ${status === 0 ? "holds" : "fails"} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
