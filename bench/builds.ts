/**
 * What images cost: building two personas for the first time, and once more with one package more, beside installing the same packages by hand
 * in a plain container of the same base, under the same limits and from the same mirrors, turn by turn; their sizes; what a changed package has
 * built anew; and how long a persona of sixty packages is examined, while others ask `/readyz`. Packages come from the tests' mirror cache, which
 * is filled before anything is measured, so that no network tells in the figures. The bars are ratios, for the machine may be slow or busy.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MIRROR_CACHE } from "#drivers/docker/mirror-cache";
import { type Log, silentLog } from "#foundation";
import { resolvePersona, validatePersona } from "#persona";
import { type BuiltImage, type ImageLayer, type ImagePlan, quietBuild } from "#provisioning";
import { imagePlanOf } from "../lifecycle/translate.ts";
import { testContext } from "../persona/test-context.ts";
import type { ImageStore } from "../provisioning/drivers/docker/images/image-store.ts";
import { type ImageWorld, openImageWorld } from "../provisioning/drivers/docker/images/image-world.fixture.ts";
import { median } from "../provisioning/drivers/docker/test-support/median.ts";
import { examining } from "./examining.ts";
import { Figures } from "./figures.ts";
import { PlainContainer, type PlainPackages, type PlainSite } from "./plain-container.ts";
import { SCIENTIFIC } from "./scientific.ts";

/** Turns of each side. */
const ROUNDS = 3;
const BARS = { first: 1.5, shared: 0.3, size: 1.1 } as const;
/** One small package more: what the others need of heavy things is there. */
const ONE_MORE = "pip:humanize";
/** What is changed, a small package and a heavy one: then all that stands on it is built anew too. */
const CHANGES = { "pip:tqdm": "tqdm<4.67", "pip:statsmodels": "statsmodels<0.14.5" } as const;

type Layers = readonly ImageLayer[];

interface BuiltLayer {
  readonly application: string;
  readonly ms: Readonly<Record<string, number>>;
}

interface Built {
  readonly ms: number;
  readonly image: BuiltImage;
  readonly layers: readonly BuiltLayer[];
}

interface ByHand {
  readonly ms: number;
  /** With bytecode, which an image has: nobody can write to one. */
  readonly compiledMs: number;
  /** And with an image made of it, as everybody does who wants to start it twice. */
  readonly keptMs: number;
  readonly bytes: number;
  readonly compiledBytes: number;
}

interface Turn {
  readonly first: Built;
  readonly more: Built;
  readonly plain: ByHand;
}

/** The side of Guise: one store, which says what it built. */
class Builder {
  readonly #store: ImageStore;
  #layers: BuiltLayer[] = [];

  constructor(world: ImageWorld) {
    const info = (facts: object) => {
      if ("application" in facts && "maker" in facts && "ms" in facts) this.#layers.push(facts as BuiltLayer & object);
    };
    this.#store = world.open({}, { log: { ...silentLog, info } satisfies Log });
  }

  async build(plan: ImagePlan): Promise<Built> {
    this.#layers = [];
    const began = performance.now();
    const image = await this.#store.ensureImage(plan, quietBuild);
    return { ms: performance.now() - began, image, layers: this.#layers };
  }

  /** What the mirrors say of it is there then, for builds too. */
  async ask(plan: ImagePlan): Promise<void> {
    await this.#store.examine(plan);
    await this.#store.close();
  }

  /** Nothing of what was built since is left. */
  async since<T>(work: () => Promise<T>): Promise<T> {
    const before = new Set((await this.#store.images()).map(({ reference }) => reference));
    try {
      return await work();
    } finally {
      for (;;) {
        const images = (await this.#store.images()).filter(({ reference }) => !before.has(reference));
        const below = new Set(images.map(({ standsOn }) => standsOn));
        const highest = images.filter(({ reference }) => !below.has(reference));
        for (const { reference } of highest) await this.#store.removeImage(reference);
        if (highest.length === 0) break;
      }
    }
  }
}

const figures = new Figures();
await main();
process.exit(figures.held ? 0 : 1);

async function main(): Promise<void> {
  try {
    const world = await openImageWorld("bench-builds");
    try {
      const site = { client: world.client, image: await baseOf(world), mirrors: await world.hostMirrors() };
      const first = await PlainContainer.start(site);
      const uv = await first.fetchUv().finally(() => first.remove());
      const builder = new Builder(world);
      await compare({ name: "Data Analyst", layers: await dataAnalyst(), changes: {} }, { builder, site, uv });
      await compare({ name: "40 packages", layers: SCIENTIFIC.map(alone), changes: CHANGES }, { builder, site, uv });
    } finally {
      await world.close();
    }
    await examining(figures);
  } finally {
    await MIRROR_CACHE.end();
  }
}

interface Sides {
  readonly builder: Builder;
  readonly site: PlainSite;
  readonly uv: Buffer;
}

interface Compared {
  readonly name: string;
  readonly layers: Layers;
  /** Applications that are changed in the end, and what they ask for then. */
  readonly changes: Readonly<Record<string, string>>;
}

async function compare({ name, layers, changes }: Compared, { builder, site, uv }: Sides): Promise<void> {
  const packages = packagesOf(layers);
  await builder.ask({ layers: [...layers, alone(ONE_MORE)], packageEpoch: "0" });
  await byHand(packages, site, uv);
  const turns: Turn[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const packageEpoch = `bench ${round}`;
    const { first, more } = await builder.since(async () => {
      const built = await builder.build({ layers, packageEpoch });
      const more = await builder.build({ layers: [...layers, alone(ONE_MORE)], packageEpoch });
      if (round === ROUNDS)
        for (const [application, argument] of Object.entries(changes)) {
          const changed = layers.map((layer) => (layer.application === application ? { ...layer, packages: [argument] } : layer));
          sayChange(argument, await builder.build({ layers: changed, packageEpoch }), built);
        }
      return { first: built, more };
    });
    const plain = await byHand(packages, site, uv);
    turns.push({ first, more, plain });
    figures.say(`  turn ${round}: ${seconds(first.ms)}, then ${seconds(more.ms)}; by hand ${seconds(plain.ms)}`);
  }
  const middle = (of: (turn: Turn) => number) => median(turns.map(of));
  figures.ratio(`${name}, first`, middle(ratioOf("first")), BARS.first);
  figures.ratio(`${name}, one package more`, middle(ratioOf("more")), BARS.shared);
  figures.ratio(
    `${name}, size`,
    middle(({ first, plain }) => first.image.bytes / plain.bytes),
    BARS.size,
  );
  const compiled = {
    time: middle(({ first, plain }) => first.ms / plain.compiledMs),
    size: middle(({ first, plain }) => first.image.bytes / plain.compiledBytes),
    kept: middle(({ first, plain }) => first.ms / plain.keptMs),
  };
  figures.say(`  where bytecode is made by hand, too: time ${compiled.time.toFixed(2)}, size ${compiled.size.toFixed(2)}`);
  figures.say(`  and an image of that: time ${compiled.kept.toFixed(2)}`);
  const last = turns.at(-1);
  figures.say(`  ${megabytes(last?.first.image.bytes ?? 0)}; by hand ${megabytes(last?.plain.bytes ?? 0)}`);
  sayLayers(last?.first.layers ?? []);
}

function ratioOf(side: "first" | "more"): (turn: Turn) => number {
  return (turn) => turn[side].ms / turn.plain.ms;
}

async function byHand(packages: PlainPackages, site: PlainSite, uv: Buffer): Promise<ByHand> {
  const began = performance.now();
  const plain = await PlainContainer.start(site);
  try {
    const started = performance.now();
    await plain.carry(uv);
    const carried = performance.now() - started;
    await plain.install(packages);
    const ms = performance.now() - began - carried;
    const bytes = await plain.bytes();
    const compiling = performance.now();
    await plain.compile();
    const compiledMs = ms + performance.now() - compiling;
    const compiledBytes = await plain.bytes();
    const keeping = performance.now();
    await plain.keep();
    return { ms, bytes, compiledMs, compiledBytes, keptMs: compiledMs + performance.now() - keeping };
  } finally {
    await plain.remove();
  }
}

/** What is built anew where one package is another one. */
function sayChange(argument: string, after: Built, before: Built): void {
  figures.say(
    `  ${argument}: ${after.layers.length} of ${before.layers.length} layers anew, ${seconds(after.ms)} of ${seconds(before.ms)}`,
  );
  sayLayers(after.layers);
}

function sayLayers(layers: readonly BuiltLayer[]): void {
  for (const { application, ms } of layers) {
    const phases = Object.entries(ms).map(([phase, took]) => `${phase} ${seconds(took)}`);
    figures.say(`    ${(application === "" ? "the image" : application).padEnd(16)} ${phases.join(", ")}`);
  }
}

async function dataAnalyst(): Promise<Layers> {
  const context = await testContext();
  const document = JSON.parse(await readFile(join(import.meta.dirname, "..", "personas", "data-analyst.json"), "utf8"));
  const { definition } = validatePersona(document, context);
  if (definition === undefined) throw new Error("the sample persona is not valid");
  const { persona } = resolvePersona(definition, { ...context, person: { account: "bench" } });
  if (persona === undefined) throw new Error("the sample persona does not resolve");
  return imagePlanOf(persona, { packageEpoch: "", sources: [] }).layers;
}

function packagesOf(layers: Layers): PlainPackages {
  const of = (manager: ImageLayer["manager"]) => layers.filter((layer) => layer.manager === manager).flatMap(({ packages }) => packages);
  return { apt: of("apt"), pip: of("pip") };
}

function alone(application: string): ImageLayer {
  const [manager = "", name = ""] = application.split(":");
  return { application, manager: manager as ImageLayer["manager"], packages: [name] };
}

async function baseOf({ client, store }: ImageWorld): Promise<string> {
  const { reference } = await store.ensureImage({ layers: [], packageEpoch: "1" }, quietBuild);
  // What an image of nothing stands on.
  return (await client.getImage(reference).inspect()).Parent;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
