/**
 * `npm start`: plan, set-up, Guise itself with a link to its portal, the sample personas, and one of them proved; then it stays up.
 * `--yes` asks nothing; `--no-proof`, `--no-samples` and `--no-link` leave those out.
 */
import { createWriteStream } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { PersonaAgent } from "@guise/agent";
import { readCredentials } from "@guise/agent/credentials";
import { codeOf, createLog, type Log, messageOf, randomIds, systemClock } from "#foundation";
import { aptInstall, aptIsLocked, buildPortal, ENGINE_NEEDS, findingsOf, gatherFacts, HOST_NEEDS, missingOf, ProgressLines } from "#setup";
import { commandName, ownerOfCommand, writeCommand } from "./command-file.ts";
import { type CommandFacts, type CommandPlace, placeOfCommand } from "./command-place.ts";
import { type Configuration, ConfigurationError, readConfiguration, withoutEffect } from "./configuration.ts";
import { type Daemon, startDaemon } from "./daemon.ts";
import { ensureFirstAccount, signIn } from "./first-sign-in.ts";
import { type Folders, makeFolders } from "./folders.ts";
import { forgetProcess, runningProcess, writeProcess } from "./process-file.ts";
import { publishSamples } from "./samples.ts";
import { lastWords, portalLines, showProof } from "./start-report.ts";
import { StopAsks } from "./stop-asks.ts";

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
  if (other !== undefined) {
    const command = await commandName(ROOT, folders.home);
    throw new StartRefused(`Guise runs already (process ${other}) on ${configuration.home}\ntry: ${command} ps, or ${command} down first`);
  }
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
  const account = await ensureFirstAccount(daemon.repository, systemClock);
  const place = placeOfCommand(await commandFacts(daemon, folders));
  const { command } = place;
  const agent = await signIn({ daemon, account, credentialsPath: place.credentials, root: ROOT, home: folders.home, clock: systemClock });
  await makeCommands(place, folders);
  const apart = installing === 0 ? "" : ` (${(installing / 1000).toFixed(1)} s of it installing packages)`;
  lines.done(`Guise is up at ${daemon.address} after ${seconds()}${apart}; ${command} is signed in as ${account}`);
  for (const note of place.notes) lines.done(`note: ${note}`);
  const wants = (option: string) => !process.argv.includes(option);
  const isReal = configuration.engine.kind !== "memory";
  // Whoever opens it sees the rest happen.
  if (wants("--no-link")) lines.done(portalLines({ link: (await agent.signInLink()).link, address: daemon.address, command }));
  if (wants("--no-samples")) await publishSamples(agent, join(ROOT, "personas"));
  if (isReal) await untilPrepared(log, daemon.prepared);
  if (isReal && wants("--no-samples") && wants("--no-proof")) await prove(agent, command);
  // The first one may be used up by now.
  const isLate = performance.now() - began > 60_000;
  const link = wants("--no-link") && isLate ? (await agent.signInLink()).link : undefined;
  lines.done(lastWords({ link, address: daemon.address, home: folders.home, command }));
}

async function commandFacts(daemon: Daemon, { home }: Folders): Promise<CommandFacts> {
  const { env } = process;
  const usualCredentials = join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), "guise", "credentials.json");
  const commandOf = await ownerOfCommand(join(ROOT, "guise"));
  return {
    root: ROOT,
    home,
    address: daemon.address,
    commandOf,
    ownerRuns: commandOf !== undefined && runningProcess({ run: join(commandOf, "run") }) !== undefined,
    givenCredentials: env.GUISE_CREDENTIALS || undefined,
    usualCredentials,
    kept: await readCredentials(usualCredentials).catch(() => undefined),
  };
}

/** The one in the state folder reaches this installation in any case. */
async function makeCommands({ takesCheckout, credentials }: CommandPlace, { home }: Folders): Promise<void> {
  const command = { root: ROOT, home, credentialsPath: credentials, variables: process.env };
  await writeCommand({ ...command, path: join(home, "guise") });
  if (takesCheckout) await writeCommand({ ...command, path: join(ROOT, "guise") });
}

/** A proof that fails is said plainly; Guise stays up, so that it can be looked into. */
async function prove(agent: PersonaAgent, command: string): Promise<void> {
  try {
    await showProof({ agent, personas: join(ROOT, "personas"), lines, seconds });
  } catch (error) {
    lines.done(`error: the proof did not succeed: ${messageOf(error)}\ntry: ${command} persona list, ${command} admin status`);
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
  const asks = new StopAsks();
  const { promise: hurried, resolve: hurry } = Promise.withResolvers<void>();
  const stop = async (first: "suspend" | "stop") => {
    if (first === "suspend") await Promise.race([suspendAll(daemon), hurried]);
    await daemon.stop();
    forgetProcess(folders);
  };
  const asked = (signal: NodeJS.Signals) => {
    const ask = asks.take(signal, performance.now());
    if (ask === "hurry") hurry();
    // Whatever holds it up, the next start goes on from what is stored.
    if (ask === "end") process.exit(1);
    if (ask === "suspend" || ask === "stop") void stop(ask).finally(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, asked);
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
  lines.done(`\nGuise stops; ${said}. \`guise down\` ends Guise's own engine too.`);
}

const counted = (count: number) => `${count} workspace${count === 1 ? "" : "s"}`;

try {
  await main();
} catch (error) {
  const known = error instanceof StartRefused || error instanceof ConfigurationError || codeOf(error) !== undefined;
  lines.done(`error: ${known ? messageOf(error) : (error as Error).stack}`);
  process.exit(1);
}
