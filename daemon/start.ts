/**
 * `npm start`: plan, set-up, Guise itself with a link to its portal, the sample personas, and one of them proved; then it stays up.
 * `--yes` asks nothing; `--no-proof`, `--no-samples` and `--no-link` leave those out.
 */
import { createWriteStream } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { PersonaAgent } from "@guise/agent";
import { codeOf, createLog, type Log, messageOf, randomIds, systemClock } from "#foundation";
import { aptInstall, aptIsLocked, buildPortal, ENGINE_NEEDS, findingsOf, gatherFacts, HOST_NEEDS, missingOf, ProgressLines } from "#setup";
import { type Configuration, ConfigurationError, readConfiguration, withoutEffect } from "./configuration.ts";
import { type Daemon, startDaemon } from "./daemon.ts";
import { ensureFirstAccount, signIn, writeCommand } from "./first-sign-in.ts";
import { type Folders, makeFolders } from "./folders.ts";
import { forgetProcess, runningProcess, writeProcess } from "./process-file.ts";
import { publishSamples } from "./samples.ts";
import { lastWords, portalLines, showProof } from "./start-report.ts";

const ROOT = dirname(import.meta.dirname);
const began = performance.now();
const lines = new ProgressLines(process.stdout);
const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;

class StartRefused extends Error {}

async function main(): Promise<void> {
  const configuration = readConfiguration(process.cwd(), process.env);
  for (const sentence of withoutEffect(process.env)) lines.done(`warning: ${sentence}`);
  const folders = await makeFolders(configuration.home).catch((error: unknown) => {
    throw new StartRefused(`${configuration.home} cannot be made: ${messageOf(error)}\ntry: sudo npm start, or set GUISE_HOME`);
  });
  const other = runningProcess(folders);
  if (other !== undefined)
    throw new StartRefused(`Guise runs already (process ${other}) on ${configuration.home}\ntry: ./guise ps, or ./guise down first`);
  const installing = await setUp(configuration, process.argv.includes("--yes"));
  await buildPortal(ROOT, (message) => lines.running(message)).catch((error: unknown) => {
    throw new StartRefused(`${messageOf(error)}\ntry: npm ci --ignore-scripts, then npm start again`);
  });
  const log = createLog({
    level: configuration.log_level,
    destination: createWriteStream(join(folders.log, "guise.log"), { flags: "a", mode: 0o600 }),
  });
  const daemon = await startDaemon({
    configuration,
    folders,
    root: ROOT,
    variables: process.env,
    clock: systemClock,
    ids: randomIds,
    log,
    report: (message, percent) => lines.running(message, percent),
  });
  // A fault that nobody waits for must not end everybody's workspaces' service.
  process.on("unhandledRejection", (reason) => log.error({ err: reason }, "a fault that nobody waited for"));
  writeProcess(folders);
  stopOnSignals(daemon, folders);
  const credentialsPath =
    process.env.GUISE_CREDENTIALS || join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "guise", "credentials.json");
  const account = await ensureFirstAccount(daemon.repository, systemClock);
  const agent = await signIn({ daemon, account, credentialsPath, root: ROOT, clock: systemClock });
  await writeCommand(ROOT, credentialsPath);
  const apart = installing === 0 ? "" : ` (${(installing / 1000).toFixed(1)} s of it installing packages)`;
  lines.done(`Guise is up at ${daemon.address} after ${seconds()}${apart}; ./guise is signed in as ${account}`);
  const wants = (option: string) => !process.argv.includes(option);
  const isReal = configuration.engine.kind !== "memory";
  // Whoever opens it sees the rest happen.
  if (wants("--no-link")) lines.done(portalLines((await agent.signInLink()).link, daemon.address));
  if (wants("--no-samples")) await publishSamples(agent, join(ROOT, "personas"));
  if (isReal) await untilPrepared(log, daemon.prepared);
  if (isReal && wants("--no-samples") && wants("--no-proof")) await prove(agent);
  // The first one may be used up by now.
  const isLate = performance.now() - began > 60_000;
  const link = wants("--no-link") && isLate ? (await agent.signInLink()).link : undefined;
  lines.done(lastWords({ link, address: daemon.address, home: folders.home }));
}

/** A proof that fails is said plainly; Guise stays up, so that it can be looked into. */
async function prove(agent: PersonaAgent): Promise<void> {
  try {
    await showProof({ agent, personas: join(ROOT, "personas"), lines, seconds });
  } catch (error) {
    lines.done(`error: the proof did not succeed: ${messageOf(error)}\ntry: ./guise persona list, ./guise admin status`);
  }
}

/** What is missing is told, asked about once on a terminal, and installed. Gives how long installing took, ms. */
async function setUp(configuration: Configuration, agreed: boolean): Promise<number> {
  const { kind } = configuration.engine;
  const missing = missingOf(kind === "own" ? ENGINE_NEEDS : kind === "foreign" ? HOST_NEEDS : []);
  const packages = [...new Set(missing.map((need) => need.package))];
  const facts = await gatherFacts({
    home: configuration.home,
    host: configuration.host,
    port: configuration.port,
    needsPackages: packages,
    aptLocked: packages.length > 0 && aptIsLocked(),
  });
  const findings = findingsOf(facts).filter(({ what }) => kind !== "memory" || what.startsWith("port"));
  for (const { severity, what, remedy } of findings) if (severity === "warn") lines.done(`note: ${what}; ${remedy}`);
  const stops = findings.filter(({ severity }) => severity === "stop");
  if (stops.length > 0) throw new StartRefused(stops.map(({ what, remedy }) => `${what}\ntry: ${remedy}`).join("\n"));
  if (packages.length === 0) return 0;
  lines.done(
    `Guise will install ${packages.join(", ")} with apt-get, and keep its state in ${configuration.home} (images take about 4 GiB).`,
  );
  if (!agreed && process.stdin.isTTY && !(await yes("Go on? [Y/n] "))) throw new StartRefused("nothing was changed");
  const started = performance.now();
  await aptInstall(packages, { progress: (message, percent) => lines.running(message, percent) });
  return performance.now() - started;
}

async function yes(question: string): Promise<boolean> {
  const readline = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return !/^n/i.test((await readline.question(question)).trim());
  } finally {
    readline.close();
  }
}

/** Base images are made while the portal answers already; this waits for them, with progress. A build that needs them tries again. */
async function untilPrepared(log: Log, prepared: Promise<void>): Promise<void> {
  try {
    await prepared;
  } catch (error) {
    log.error({ err: error }, "the base images could not be made");
    lines.done(
      `error: the base images could not be made: ${messageOf(error)}\ntry: ./guise persona list says how builds stand; when what it names is put right, npm start again`,
    );
  }
}

/** Ctrl-C suspends what is ready; asked a second time, or asked by SIGTERM, what runs goes on running. Either way the next start goes on with it. */
function stopOnSignals(daemon: Daemon, folders: Folders): void {
  let asked = 0;
  const { promise: hurried, resolve: hurry } = Promise.withResolvers<void>();
  const stop = async (signal: NodeJS.Signals) => {
    if (++asked === 2) return hurry();
    // Asked three times: whatever holds it up, the next start goes on from what is stored.
    if (asked > 2) process.exit(1);
    if (signal === "SIGINT") await Promise.race([suspendAll(daemon), hurried]);
    await daemon.stop();
    forgetProcess(folders);
  };
  const exit = (signal: NodeJS.Signals) => {
    const first = asked === 0;
    void stop(signal).finally(() => first && process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, exit);
}

async function suspendAll(daemon: Daemon): Promise<void> {
  let all: number | undefined;
  await daemon.suspendAll((left) => {
    all ??= left;
    if (left > 0)
      lines.running(`suspending ${counted(left)}: programs are asked to end, homes are kept (Ctrl-C again leaves them running)`);
  });
  const said =
    all === undefined || all === 0 ? "no workspace was running" : `${counted(all)} suspended with their homes; the next start resumes them`;
  lines.done(`\nGuise stops; ${said}. \`./guise down\` ends Guise's own engine too.`);
}

const counted = (count: number) => `${count} workspace${count === 1 ? "" : "s"}`;

try {
  await main();
} catch (error) {
  const known = error instanceof StartRefused || error instanceof ConfigurationError || codeOf(error) !== undefined;
  lines.done(`error: ${known ? messageOf(error) : (error as Error).stack}`);
  process.exit(1);
}
