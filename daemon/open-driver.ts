import { parseBandwidth, parseBytes } from "@guise/contract";
import {
  createDockerDriver,
  createEngineClient,
  EngineError,
  type EngineFacts,
  ForeignEngine,
  ImageStore,
  OwnEngine,
  QuietPorts,
} from "#drivers/docker";
import { createMemoryDriver } from "#drivers/memory";
import type { Clock, Ids, Log, Scope } from "#foundation";
import type { BuildReport, Driver, LoginsOf } from "#provisioning";
import { readAuthorities } from "./authorities.ts";
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
  /** What opens package sources, by their names. */
  readonly loginsOf: LoginsOf;
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
  /** Starts the engine again where it is ours and died. */
  readonly keepUp: () => Promise<unknown>;
}

const NODE = "node-1";
const nothing = async () => {};

/** The engine that the configuration names. Rejects coded errors that say what to type. */
export async function openDriver(parts: DriverParts): Promise<OpenedDriver> {
  const { engine } = parts.configuration;
  switch (engine.kind) {
    case "memory":
      return { driver: createMemoryDriver({ clock: parts.clock, pace: 5 }), prepare: nothing, hold: nothing, keepUp: nothing };
    case "foreign":
      return openForeignEngine(parts, engine.socketPath);
    case "own":
      return openOwnEngine(parts);
  }
}

async function openOwnEngine(parts: DriverParts): Promise<OpenedDriver> {
  const { folders, installation, clock, log } = parts;
  const engine = new OwnEngine({ home: folders.home, installation, log, clock });
  const facts = await engine.up(parts.report);
  const ports = new QuietPorts(facts.bridge, log);
  ports.watch();
  parts.scope.onEnd("quiet ports", async () => ports.close());
  return openDocker(parts, facts, {
    hold: () => engine.holdNetwork(),
    keepUp: () => engine.keepUp(),
    cgroupParent: facts.cgroupParent,
  });
}

/** Two engines of one installation would hold the same homes. */
async function openForeignEngine(parts: DriverParts, socketPath: string): Promise<OpenedDriver> {
  const { folders, installation, clock, log } = parts;
  const { containerd, dockerd } = await new OwnEngine({ home: folders.home, installation, log, clock }).status();
  if (containerd || dockerd)
    throw new EngineError(
      "foreign_unsuited",
      "Guise's own engine still runs in this state folder. End it first: GUISE_ENGINE=own ./guise down",
    );
  const engine = new ForeignEngine({ socketPath, installation, log });
  return openDocker(parts, await engine.up(), { hold: () => engine.holdNetwork(), keepUp: nothing });
}

/** The driver on an engine that is up. An engine with a control group of its own is ours. */
async function openDocker(
  parts: DriverParts,
  { socketPath, remapBase, remapLength, network, subnet }: EngineFacts,
  { hold, keepUp, cgroupParent }: Pick<OpenedDriver, "hold" | "keepUp"> & { readonly cgroupParent?: string },
): Promise<OpenedDriver> {
  const { configuration, folders, installation, clock, ids, log, scope } = parts;
  const client = createEngineClient(socketPath);
  const common = { client, installation, run: ids.next("run"), ids, log, clock, network, subnet, closed: [] };
  const images = new ImageStore({
    ...common,
    work: folders.bootstrap,
    mirrors: { variables: parts.variables, suite: undefined, extra: [] },
    authorities: await readAuthorities(configuration.authorities),
    sources: configuration.build_sources === "yes",
    loginsOf: parts.loginsOf,
  });
  const driver = await createDockerDriver({
    ...common,
    ...{ socketPath, remapBase, remapLength },
    home: folders.sandboxes,
    node: NODE,
    isOwnEngine: cgroupParent !== undefined,
    ...(cgroupParent === undefined ? {} : { cgroupParent }),
    images,
    volumes: parts.volumes,
    poolSize: configuration.guards,
    imageBudget: parseBytes(configuration.image_budget),
    ...bandwidthOf(configuration),
  });
  scope.onEnd("engine driver", () => driver.close());
  return { driver, prepare: (report) => images.ensureBase(report), hold, keepUp };
}

function bandwidthOf({ bandwidth }: Configuration): { bandwidth?: number } {
  return bandwidth === "" ? {} : { bandwidth: parseBandwidth(bandwidth) };
}
