import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { randomIds, silentLog, systemClock } from "#foundation";
import { type Driver, type ImagePlan, quietBuild, type SandboxSpec, type StartReport } from "#provisioning";
import { createEngineClient, type EngineClient } from "../client.ts";
import { createDockerDriver } from "../docker-driver.ts";
import type { DockerDriverOptions } from "../driver-options.ts";
import type { EngineFacts } from "../engine/engine-facts.ts";
import { installationNames } from "../engine/engine-layout.ts";
import { OwnEngine, type OwnEngineFacts } from "../engine/own-engine.ts";
import { ImageStore } from "../images/image-store.ts";
import { detachBelow } from "../storage/detach-below.ts";
import { MIRROR_CACHE } from "./mirror-cache/mirror-cache.ts";
import { SHARED_GUISE } from "./shared-guise.ts";
import { TEST_SLOT } from "./test-slot.ts";

/** The engine of the tests is kept between runs, for its base images take two minutes; it is down when no test runs. Remove it with `engine.purge()` or by hand. */
const KEPT = TEST_SLOT.home;
const INSTALLATION = TEST_SLOT.installation;
/** Keeps, beside the base images, the layers that hold runtimes and compilers alone: they take a minute and a half. */
const TOOLCHAIN = `${INSTALLATION}-toolchain`;
/** Two small packages that no test has: one brings Python and compilers, the other Node, alone and beside compilers. */
const TOOLCHAIN_PLANS: readonly ImagePlan[] = (["pip wget", "npm unix-dgram"] as const).map((text) => {
  const [manager, name] = text.split(" ") as ["pip" | "npm", string];
  return { layers: [{ application: `${manager}:${name}`, manager, packages: [name] }], packageEpoch: "1" };
});

/** Drivers on one engine, whoever's it is. */
export interface DockerWorld {
  readonly facts: EngineFacts;
  readonly client: EngineClient;
  readonly images: ImageStore;
  /** Reference of the smallest image that a workspace can run. */
  readonly image: string;
  /** A driver with an installation and homes of its own; `over` changes its options. */
  driver(over?: Partial<DockerDriverOptions>): Promise<TestDriver>;
  close(): Promise<void>;
}

export interface EngineWorld extends DockerWorld {
  readonly engine: OwnEngine;
}

interface EngineWorldOptions {
  readonly ownImages?: string;
  readonly toolchain?: boolean;
}

export interface TestDriver {
  readonly driver: Driver;
  readonly options: DockerDriverOptions;
}

/**
 * Brings the tests' engine up with its base images; everything that its drivers made is gone after `close`. `ownImages`: an installation
 * whose images are this world's alone, for tests that remove or count them; the base images are the same under another name, and with
 * `toolchain` the layers of runtimes and compilers too.
 */
export async function openEngineWorld({ ownImages, toolchain = false }: EngineWorldOptions = {}): Promise<EngineWorld> {
  await SHARED_GUISE.end();
  const { engine, facts } = await bringUp(KEPT, INSTALLATION);
  const place = { facts, work: join(KEPT, "bootstrap"), down: () => engine.down() };
  if (ownImages === undefined) return { ...(await openWorldOn({ ...place, installation: INSTALLATION })), engine };
  const client = createEngineClient(facts.socketPath);
  // Makes the base images where there are none yet.
  await openWorldOn({ ...place, installation: INSTALLATION });
  const isBase = (tag: string) => tag.includes("/base-");
  if (toolchain) {
    await takeImages(client, { from: INSTALLATION, to: TOOLCHAIN, which: isBase });
    const { images } = await openWorldOn({ ...place, installation: TOOLCHAIN });
    for (const plan of TOOLCHAIN_PLANS) await images.ensureImage(plan, quietBuild);
    await images.close();
    await takeImages(client, { from: TOOLCHAIN, to: ownImages, which: () => true });
  } else await takeImages(client, { from: INSTALLATION, to: ownImages, which: isBase });
  const world = await openWorldOn({ ...place, installation: ownImages });
  const close = async () => {
    for (const tag of await tagsOf(client, ownImages)) await client.getImage(tag).remove({ force: true });
    await world.close();
  };
  return { ...world, engine, close };
}

/** Tags of an installation's images on the engine. */
async function tagsOf(client: EngineClient, installation: string): Promise<string[]> {
  const prefix = `${installationNames(installation).bridge}/`;
  return (await client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith(prefix));
}

/** Gives images of one installation a name of another's. */
async function takeImages(
  client: EngineClient,
  { from, to, which }: { readonly from: string; readonly to: string; readonly which: (tag: string) => boolean },
): Promise<void> {
  const [theirs = "", ours = ""] = [from, to].map((one) => installationNames(one).bridge);
  for (const tag of (await tagsOf(client, from)).filter(which)) {
    const [repo = "", name = ""] = tag.replace(theirs, ours).split(":");
    await client.getImage(tag).tag({ repo, tag: name });
  }
}

async function bringUp(home: string, installation: string): Promise<{ engine: OwnEngine; facts: OwnEngineFacts }> {
  await mkdir(home, { recursive: true });
  const engine = new OwnEngine({ home, installation, log: silentLog, clock: systemClock });
  return { engine, facts: await engine.up(() => {}) };
}

/** The same on an engine that is up; `work` is where base images would be made. */
export async function openWorldOn(place: {
  readonly facts: EngineFacts | OwnEngineFacts;
  readonly installation: string;
  readonly work: string;
  down(): Promise<void>;
}): Promise<DockerWorld> {
  const { facts, installation, work } = place;
  const client = createEngineClient(facts.socketPath);
  const images = new ImageStore({
    client,
    installation,
    run: randomIds.next("run"),
    ids: randomIds,
    log: silentLog,
    clock: systemClock,
    work,
    network: facts.network,
    subnet: facts.subnet,
    closed: [],
    mirrors: { variables: { ...process.env, ...(await mirrorSettings()) }, suite: undefined, extra: [] },
  });
  await images.ensureBase(quietBuild);
  const { reference } = await images.ensureImage({ layers: [], packageEpoch: "1" }, quietBuild);
  const homes: string[] = [];
  const drivers: Driver[] = [];
  return {
    facts,
    client,
    images,
    image: reference,
    async driver(over = {}) {
      const home = over.home ?? (await mkdtemp("/var/tmp/guise-homes-"));
      homes.push(home);
      const options = driverOptions({ client, facts, images, home, over });
      const driver = await createDockerDriver(options);
      drivers.push(driver);
      return { driver, options };
    },
    async close() {
      await Promise.all(drivers.map((driver) => driver.close()));
      await place.down();
      for (const home of homes) {
        // of a test that failed half-way
        await detachBelow(home);
        await rm(home, { recursive: true, force: true });
      }
    },
  };
}

/** A network of its own has no way to the cache, and needs none: its images were made before. */
async function mirrorSettings(): Promise<Readonly<Record<string, string>>> {
  return process.env.GUISE_TEST_APART === undefined ? (await MIRROR_CACHE.use()).variables : {};
}

function driverOptions(world: {
  readonly client: EngineClient;
  readonly facts: EngineFacts | OwnEngineFacts;
  readonly images: ImageStore;
  readonly home: string;
  readonly over: Partial<DockerDriverOptions>;
}): DockerDriverOptions {
  const { client, facts, images, home, over } = world;
  return {
    client,
    installation: randomIds.next("test"),
    run: randomIds.next("run"),
    home,
    node: "node-1",
    remapBase: facts.remapBase,
    remapLength: facts.remapLength,
    socketPath: facts.socketPath,
    isOwnEngine: "cgroupParent" in facts,
    network: facts.network,
    subnet: facts.subnet,
    closed: [],
    ...("cgroupParent" in facts ? { cgroupParent: facts.cgroupParent } : {}),
    images,
    volumes: {},
    poolSize: 0,
    imageBudget: 0,
    log: silentLog,
    clock: systemClock,
    ids: randomIds,
    ...over,
  };
}

/** A small workspace; `over` says what matters to the test. */
export function sandboxSpec(image: string, over: Partial<SandboxSpec> = {}): SandboxSpec {
  const workspace = over.workspace ?? randomIds.next("w");
  return {
    workspace,
    generation: 1,
    home: workspace,
    engineName: randomIds.next("s"),
    node: "node-1",
    image,
    limits: { cpu: 1000, ram: 256 * 2 ** 20, processes: 100 },
    bandwidth: { ingress: 100e6, egress: 100e6 },
    storage: 64 * 2 ** 20,
    network: { allow: [], openedRanges: [] },
    seccomp: "strict",
    volumes: [],
    ...over,
  };
}

/** By which a test finds its own objects on the engine that all share. */
export { LABELS } from "../labels.ts";

export const quietReport: StartReport = { phaseStarted() {}, phaseFinished() {}, handle: async () => {} };
