import { parseBandwidth } from "@guise/contract";
import { createDockerDriver, createEngineClient, ImageStore, OwnEngine } from "#drivers/docker";
import { createMemoryDriver } from "#drivers/memory";
import type { Clock, Ids, Log, Scope } from "#foundation";
import type { BuildReport, Driver } from "#provisioning";
import type { Configuration } from "./configuration.ts";
import type { Folders } from "./folders.ts";

export interface DriverParts {
  readonly configuration: Configuration;
  readonly folders: Folders;
  readonly installation: string;
  /** Name → folder of shipped read-only data. */
  readonly volumes: Readonly<Record<string, string>>;
  /** The process's variables, for mirrors and proxies. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly scope: Scope;
  readonly report: (message: string, percent?: number) => void;
}

export interface OpenedDriver {
  readonly driver: Driver;
  /** Makes what every workspace needs before the first one: the base images. */
  readonly prepare: (report: BuildReport) => Promise<void>;
  /** Puts the host's rules back where somebody removed them. */
  readonly hold: () => Promise<void>;
}

/** Disk that images may still take; capacity leaves it out. */
const IMAGE_BUDGET = 10 * 2 ** 30;
const NODE = "node-1";

/** The engine that the configuration names. Rejects coded errors that say what to type. */
export async function openDriver(parts: DriverParts): Promise<OpenedDriver> {
  if (parts.configuration.engine === "memory") {
    return { driver: createMemoryDriver({ clock: parts.clock, pace: 5 }), prepare: async () => {}, hold: async () => {} };
  }
  return openOwnEngine(parts);
}

async function openOwnEngine(parts: DriverParts): Promise<OpenedDriver> {
  const { configuration, folders, installation, clock, ids, log, scope } = parts;
  const engine = new OwnEngine({ home: folders.home, installation, log, clock });
  const facts = await engine.up(parts.report);
  const client = createEngineClient(facts.socketPath);
  const run = ids.next("run");
  const common = { client, installation, run, ids, log, clock, network: "bridge", subnet: facts.subnet, closed: [] };
  const images = new ImageStore({
    ...common,
    work: folders.bootstrap,
    mirrors: { variables: parts.variables, suite: undefined, extra: [] },
  });
  const driver = await createDockerDriver({
    ...common,
    home: folders.sandboxes,
    node: NODE,
    remapBase: facts.remapBase,
    isOwnEngine: true,
    cgroupParent: facts.cgroupParent,
    images,
    volumes: parts.volumes,
    poolSize: configuration.guards,
    imageBudget: IMAGE_BUDGET,
    ...bandwidthOf(configuration),
  });
  scope.onEnd("engine driver", () => driver.close());
  return { driver, prepare: (report) => images.ensureBase(report), hold: () => engine.holdNetwork() };
}

function bandwidthOf({ bandwidth }: Configuration): { bandwidth?: number } {
  return bandwidth === "" ? {} : { bandwidth: parseBandwidth(bandwidth) };
}
