// Runs under whatever Node ≥ 20 is there: brings the dependencies (Node 24 among them), then hands over to it.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Each verb of npm and of `guise up|down`, and the program that Node 24 runs for it. */
const PROGRAMS = {
  start: "daemon/start.ts",
  up: "daemon/up.ts",
  down: "daemon/down.ts",
  test: "setup/test.ts",
  bench: "bench/run.ts",
  check: "setup/check.ts",
  attacks: "tests/attacks/run.ts",
};

const verb = process.argv[2] ?? "";
const program = PROGRAMS[/** @type {keyof typeof PROGRAMS} */ (verb)];
if (program === undefined) stop(2, `unknown verb "${verb}"`, `try: ${Object.keys(PROGRAMS).join(", ")}`);
if (Number(process.versions.node.split(".")[0]) < 20) stop(2, `Node ${process.versions.node} is too old`, "try: install Node 20 or newer");
if (process.platform !== "linux") stop(2, `${process.platform} is not supported`, "try: a Debian or Ubuntu machine");

/**
 * V8 makes room for what is young as it comes, up to several times 64 MiB, and keeps that. Streams make much that is young: with room for
 * 8 MiB of it Guise takes 234 MiB under 300 streams, and 305 without (`npm run bench streams`).
 */
const FLAGS = ["start", "up", "bench"].includes(verb) ? ["--max-semi-space-size=8"] : [];

installDependencies();
const child = spawn(nodePath(), [...FLAGS, join(ROOT, program ?? ""), ...process.argv.slice(3)], { cwd: process.cwd(), stdio: "inherit" });
// Whoever was sent a signal cannot tell who else was: npm passes on what it gets, a terminal tells all. All of it is passed on, and
// the program takes copies as one. (`exec` in package.json's scripts: the shell between npm and this one would keep them to itself.)
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));

function nodePath() {
  const path = join(ROOT, "node_modules", `node-linux-${process.arch}`, "bin", "node");
  if (!existsSync(path))
    stop(1, `there is no Node 24 for ${process.arch}`, "try: an x64 or arm64 machine; then remove node_modules and run this again");
  return path;
}

/** `npm ci` when the lock file is another than the one last installed. */
function installDependencies() {
  const hash = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  const marker = join(ROOT, "node_modules", ".guise-installed");
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return;
  const began = Date.now();
  process.stderr.write("dependencies: installing (npm ci) …\n");
  const done = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (done.status !== 0) stop(1, "the dependencies could not be installed", "try: npm ci --ignore-scripts, and read what it says");
  writeFileSync(marker, hash);
  process.stderr.write(`dependencies: installed in ${Math.round((Date.now() - began) / 1000)} s\n`);
}

/**
 * @param {number} code
 * @param {string} what
 * @param {string} remedy
 * @returns {never}
 */
function stop(code, what, remedy) {
  process.stderr.write(`error: ${what}\n${remedy}\n`);
  process.exit(code);
}
