import type { LocalIssuer } from "#access";
import { type Log, Scope } from "#foundation";
import { quietBuild } from "#provisioning";
import type { Repository } from "#repository";
import { originOf } from "./configuration.ts";
import type { DaemonParts } from "./daemon-parts.ts";
import { openFront } from "./front.ts";
import { openGround } from "./ground.ts";
import { holdEngine } from "./hold-engine.ts";
import { openIdentity } from "./identity.ts";
import type { OpenedDriver } from "./open-driver.ts";
import { Readiness } from "./readiness.ts";
import { takeOver } from "./take-over.ts";
import { openWorkings } from "./workings.ts";

export interface Daemon {
  readonly repository: Repository;
  readonly installation: string;
  /** `http://127.0.0.1:7080`. */
  readonly address: string;
  /** `http://guise.localhost:7080`: where people open the portal. */
  readonly origin: string;
  readonly issuer: LocalIssuer;
  /** Resolves when the base images are there and building may go on. */
  readonly prepared: Promise<void>;
  /** Suspends every workspace that is ready, each with its grace; they go on with the next start. Tells how many are left. `stop` comes after it. */
  suspendAll(left: (count: number) => void): Promise<void>;
  /** Stops moving workspaces and answering; what runs goes on running. */
  stop(): Promise<void>;
}

/** Wires the parts and starts them: repository, driver, loop, broker. Rejects with coded errors that say what to do; then nothing of it runs. */
export async function startDaemon(parts: DaemonParts): Promise<Daemon> {
  const scope = new Scope();
  try {
    return await compose(parts, scope);
  } catch (error) {
    await scope.end();
    throw error;
  }
}

async function compose(parts: DaemonParts, scope: Scope): Promise<Daemon> {
  const ground = await openGround(parts, scope);
  const workings = await openWorkings(ground);
  const identity = await openIdentity(ground);
  const readiness = new Readiness();
  await openFront(ground, workings, identity, readiness);
  await takeOver(ground, workings, readiness);
  const { configuration, installation, repository, opened, clock, log } = ground;
  const prepared = prepare(opened, parts).then(() => workings.builds.wake());
  holdEngine(opened, clock, log, scope);
  return {
    ...{ repository, installation, prepared, issuer: identity.issuer },
    address: `http://${configuration.host}:${configuration.port}`,
    origin: originOf(configuration),
    suspendAll(left) {
      readiness.end();
      return workings.loop.suspendAll(left);
    },
    stop: () => endAll(scope, log),
  };
}

function prepare(opened: OpenedDriver, { report, log }: DaemonParts): Promise<void> {
  return opened.prepare({
    ...quietBuild,
    progress: (message, percent) => report(message, percent),
    log: (line) => log.info({ line }, "base image"),
  });
}

async function endAll(scope: Scope, log: Log): Promise<void> {
  for (const error of await scope.end()) log.error({ err: error }, "a part did not end well");
}
