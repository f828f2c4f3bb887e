import { join } from "node:path";
import { readHostMirrors, runInBox } from "#building";
import { randomIds, silentLog, systemClock } from "#foundation";
import { quietBuild } from "#provisioning";
import type { EngineClient } from "../client.ts";
import { startGuard } from "../guard.ts";
import { LABELS } from "../labels.ts";
import { openEngineWorld } from "../test-support/engine-world.ts";
import { MIRROR_CACHE } from "../test-support/mirror-cache/mirror-cache.ts";
import { TEST_SLOT } from "../test-support/test-slot.ts";
import { BuildContainer } from "./build/build-container.ts";
import { type HostileRegistry, hostileRegistry, type RegistryAnswers } from "./hostile-registry.fixture.ts";
import { ImageStore, type ImageStoreOptions } from "./image-store.ts";

/** Where base images are made. */
export const WORK = join(TEST_SLOT.home, "bootstrap");

/** What another store has of its own; `reach`: further URLs that its builds reach. */
export interface OtherStore
  extends Partial<Pick<ImageStoreOptions, "inside" | "sources" | "authorities" | "loginsOf" | "work" | "clock" | "log">> {
  readonly reach?: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Images of an installation of its own on the engine that all tests share; the base images are there. */
export interface ImageWorld {
  readonly installation: string;
  readonly client: EngineClient;
  readonly gateway: string;
  readonly store: ImageStore;
  /** Another store of the same images. */
  open(variables?: Variables, more?: OtherStore): ImageStore;
  context(): ReturnType<typeof contextOf>;
  hostMirrors(): ReturnType<typeof readHostMirrors>;
  /** Names of the installation's containers. */
  containers(): Promise<readonly (string | undefined)[]>;
  /** What a script says in the image, begun as a person's programs are. */
  saidIn(reference: string, script: string): Promise<string[]>;
  close(): Promise<void>;
}

function contextOf(client: EngineClient, installation: string) {
  return { client, installation, run: randomIds.next("run"), ids: randomIds, log: silentLog, clock: systemClock, network: "bridge" };
}

export async function openImageWorld(name: string): Promise<ImageWorld> {
  const installation = `${name}-${process.pid}`;
  const world = await openEngineWorld({ ownImages: installation, toolchain: true });
  const { client, facts } = world;
  const cache = await MIRROR_CACHE.use();
  const context = () => contextOf(client, installation);
  const mirrorsOf = (variables: Variables, extra: readonly string[] = []) => {
    return { variables: { ...process.env, ...cache.variables, ...variables }, suite: undefined, extra };
  };
  const open: ImageWorld["open"] = (variables = {}, { reach = [], ...more } = {}) =>
    new ImageStore({ ...context(), work: WORK, ...more, subnet: facts.subnet, closed: [], mirrors: mirrorsOf(variables, reach) });
  const store = open();
  await store.ensureBase(quietBuild);
  const listed = { all: true, filters: { label: [`${LABELS.installation}=${installation}`] } };
  return {
    installation,
    client,
    gateway: facts.gateway,
    store,
    open,
    context,
    hostMirrors: () => readHostMirrors(mirrorsOf({})),
    containers: async () => (await client.listContainers(listed)).map(({ Names }) => Names[0]),
    async saidIn(reference, script) {
      const guard = await startGuard({ ...context(), guardImage: () => store.guardImage() }, { role: "build-guard" });
      const inside = await BuildContainer.start(context(), reference, guard.id);
      const said: string[] = [];
      const onLine = (line: string) => {
        said.push(line);
        return "words" as const;
      };
      try {
        await runInBox(inside, ["-c", `. /usr/lib/guise/environment\n${script}`], { failure: "failed", onLine });
      } finally {
        await inside.remove();
        await guard.remove();
      }
      return said;
    },
    async close() {
      await store.close();
      await world.close();
    },
  };
}

/** Packages of a test's own, and stores whose builds see them. */
export interface OwnPackages extends Pick<HostileRegistry, "asked" | "close"> {
  open(more?: Omit<OtherStore, "reach">): ImageStore;
}

/** By a registry that has these, and sends on whoever wants another Python or npm package. */
export async function openOwnPackages(world: ImageWorld, answers: RegistryAnswers): Promise<OwnPackages> {
  const { variables } = await MIRROR_CACHE.use();
  const index = String(variables.PIP_INDEX_URL);
  const registry = await hostileRegistry({ index, registry: String(variables.npm_config_registry), answers });
  const trusted = [registry.url, index].map((url) => new URL(url).hostname).join(" ");
  const own = {
    http_proxy: undefined,
    npm_config_registry: registry.url,
    PIP_INDEX_URL: `${registry.url}/simple`,
    PIP_TRUSTED_HOST: trusted,
  };
  return {
    ...registry,
    open: (more = {}) => world.open(own, { ...more, reach: [registry.url, index] }),
  };
}
