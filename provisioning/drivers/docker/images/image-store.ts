import { fileURLToPath } from "node:url";
import { type Clock, Limited, messageOf } from "#foundation";
import { type BuildReport, type BuiltImage, type ImagePlan, ProvisioningError, type StoredImage } from "#provisioning";
import type { EngineContext } from "../engine-context.ts";
import { translated, unlessAbsent } from "../engine-errors.ts";
import type { GuardContext } from "../guard.ts";
import { hostAddresses } from "../host-addresses.ts";
import { LABELS, ownershipFilter, readOwnership } from "../labels.ts";
import { type BaseIds, BaseImages } from "./base/base-images.ts";
import { insideDigest } from "./base/base-plan.ts";
import { readInsideFiles } from "./base/inside-files.ts";
import { buildLayer, failedFetching } from "./build/layer-build.ts";
import { checkPackages, type MissingPackage } from "./build/package-check.ts";
import { BuildWatch } from "./build-watch.ts";
import { requireFreeDisk } from "./free-disk.ts";
import { unpackContents } from "./image-contents.ts";
import { JoinedWork } from "./joined-work.ts";
import { type ChainLayer, layerChain } from "./layer-chain.ts";
import { layerReport } from "./layer-report.ts";
import { packageName } from "./managers/index.ts";
import { type HostMirrors, type MirrorSettings, readHostMirrors, readHostSuite } from "./mirrors/host-mirrors.ts";
import { imageRepository, StoredImages } from "./stored-images.ts";

export interface ImageStoreOptions extends EngineContext {
  readonly clock: Clock;
  /** Folder for the base images in the making; nothing else may lie there. */
  readonly work: string;
  /** The engine's network that build guards are on. */
  readonly network: string;
  /** Range of that network: gateway and peers, which no build reaches. */
  readonly subnet: string;
  /** Further addresses or ranges that no build reaches: the broker's listeners. The machine's own are found. */
  readonly closed: readonly string[];
  readonly mirrors: MirrorSettings;
  /** The folder `provisioning/inside`, unless it lies where the source has it. */
  readonly inside?: string;
}

interface ChainBuild {
  readonly plan: ImagePlan;
  readonly mirrors: HostMirrors;
  readonly base: BaseIds;
  readonly chain: readonly ChainLayer[];
  readonly report: BuildReport;
}

/** Layers that are built at the same time, whoever asks: one takes about a core. */
const BUILDS = 2;
/** Below this a build under way is ended: database, homes and images share the disk. */
const DISK_FLOOR = 2 ** 30;
const INSIDE = fileURLToPath(new URL("../../../inside", import.meta.url));

/** The images of personas on one engine: what the driver does with images. */
export class ImageStore {
  readonly #options: ImageStoreOptions;
  readonly #bases: BaseImages;
  readonly #layers = new JoinedWork<void>();
  readonly #building = new Limited(BUILDS);
  readonly #inside: string;
  readonly #stored: StoredImages;
  /** Pairs of layers that are built already: the next layer does not wait for them, the image's caller does. */
  readonly #removals = new Set<Promise<void>>();
  #base: BaseIds | undefined;
  #cleaned: Promise<void> | undefined;

  constructor(options: ImageStoreOptions) {
    this.#options = options;
    this.#inside = options.inside ?? INSIDE;
    this.#stored = new StoredImages(options);
    this.#bases = new BaseImages(options, { work: options.work, inside: this.#inside });
  }

  /** Reference of the guards' image. Rejects `image_missing` before the first `ensureBase`. */
  async guardImage(): Promise<string> {
    const base = this.#base ?? (await this.#findBase());
    if (base === undefined) throw new ProvisioningError("image_missing", "the base images are not there yet");
    return base.guard;
  }

  /** Guard and main base images, made when they are missing. */
  async ensureBase(report: BuildReport, signal?: AbortSignal): Promise<void> {
    await this.#ensureBase(await readHostMirrors(this.#options.mirrors), report, signal);
  }

  /** Two look-ups on the engine. */
  async findImage(plan: ImagePlan): Promise<BuiltImage | undefined> {
    const base = this.#base ?? (await this.#findBase());
    const last = base === undefined ? undefined : (await this.#chain(plan, base)).at(-1);
    return last === undefined ? undefined : this.#describe(last);
  }

  /** See the driver's contract: builds what is missing of the plan's layers, one after another; other calls for the same layer join. */
  async ensureImage(plan: ImagePlan, report: BuildReport, signal?: AbortSignal): Promise<BuiltImage> {
    for (const { manager, packages } of plan.layers) for (const argument of packages) packageName(manager, argument);
    const found = await this.findImage(plan);
    if (found !== undefined) return found;
    await this.#beforeBuild();
    const mirrors = await readHostMirrors(this.#options.mirrors);
    const base = await this.#ensureBase(mirrors, report, signal);
    const chain = await this.#chain(plan, base);
    const work = { plan, mirrors, base, chain, report };
    const references = chain.map((layer) => this.#tag(layer));
    return this.#stored.held(references, async () => {
      await this.#buildPatiently(work, signal);
      const built = await this.findImage(plan);
      if (built === undefined) throw new ProvisioningError("image_missing", "the image vanished while it was built");
      return built;
    });
  }

  async #buildPatiently(work: ChainBuild, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#buildChain(work, signal).catch(async (error: unknown) => {
        if (!failedFetching(error) || signal?.aborted) throw error;
        await this.#refuseMissing(work.plan, work.report, signal);
        this.#options.log.warn({ cause: messageOf(error) }, "a layer could not be fetched although all is there; it is fetched once more");
        await this.#buildChain(work, signal);
      });
    } finally {
      await Promise.allSettled(this.#removals);
    }
  }

  /** See the driver's contract. */
  images(): Promise<readonly StoredImage[]> {
    return this.#stored.list();
  }

  /** See the driver's contract. */
  removeImage(reference: string): Promise<void> {
    return this.#stored.remove(reference);
  }

  /** Which of the plan's packages no mirror has. Makes the base images when they are missing. Rejects `mirror_unreachable`, `refused_by_policy`. */
  async checkPackages(plan: ImagePlan, report: BuildReport, signal: AbortSignal = new AbortController().signal): Promise<MissingPackage[]> {
    for (const { manager, packages } of plan.layers) for (const argument of packages) packageName(manager, argument);
    const mirrors = await readHostMirrors(this.#options.mirrors);
    const { main } = await this.#ensureBase(mirrors, report, signal);
    return checkPackages({ context: this.#guards(), mirrors, own: await this.#own(), base: main }, plan.layers, signal);
  }

  async #buildChain({ plan, mirrors, base, chain, report }: ChainBuild, signal: AbortSignal | undefined): Promise<void> {
    const present = await this.#present(chain);
    for (const [index, layer] of chain.entries()) {
      if (index < present) continue;
      const parent = index === 0 ? base.main : this.#tag(chain[index - 1] ?? layer);
      const own = layerReport(chain.slice(present), index - present, report);
      await this.#layers.run(layer.address, own, signal, (all, ended) =>
        this.#building.run(() => this.#build({ plan, mirrors, layer, parent }, all, ended)),
      );
    }
  }

  /** All of the plan's packages that are nowhere, in one answer: the package manager names the first one only. */
  async #refuseMissing(plan: ImagePlan, report: BuildReport, signal: AbortSignal | undefined): Promise<void> {
    report.progress("asking the mirrors which packages there are", undefined);
    const missing = await this.checkPackages(plan, report, signal);
    if (missing.length === 0) return;
    const named = missing.map(({ manager, argument, nearest }) => {
      return `${manager}:${argument}${nearest === undefined ? "" : ` (nearest: ${manager}:${nearest})`}`;
    });
    throw new ProvisioningError("image_build_failed", `no package mirror has ${named.join(", ")}`, { detail: { missing: named } });
  }

  /** Removes the containers of builds whose process died. */
  async removeLeftovers(): Promise<void> {
    const { client, installation, run } = this.#options;
    await translated("engine_unreachable", "the engine did not say which builds it runs", async () => {
      const listed = await client.listContainers({ all: true, filters: { label: ownershipFilter(installation) } });
      const left = listed.filter(({ Labels }) => {
        const owner = readOwnership(installation, Labels);
        return (owner?.role === "build" || owner?.role === "build-guard") && owner.run !== run;
      });
      // the build first: its network is the guard's
      left.sort((a, b) => String(a.Labels[LABELS.role]).localeCompare(String(b.Labels[LABELS.role])));
      for (const { Id } of left) await unlessAbsent(client.getContainer(Id).remove({ force: true, v: true }));
    });
  }

  /** What a crashed Guise left goes before the first build of this one; and no build begins on a disk that it could fill. */
  async #beforeBuild(): Promise<void> {
    this.#cleaned ??= this.removeLeftovers().catch((error: unknown) => {
      this.#cleaned = undefined;
      throw error;
    });
    await this.#cleaned;
    await requireFreeDisk(this.#options.work);
  }

  async #build(
    { plan, mirrors, layer, parent }: { plan: ImagePlan; mirrors: HostMirrors; layer: ChainLayer; parent: string },
    report: BuildReport,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) throw new ProvisioningError("cancelled", "the build was cancelled");
    if ((await this.#inspect(layer)) !== undefined) return;
    const context = this.#guards();
    const name = { repository: this.#repository(), tag: layer.address };
    const own = await this.#own();
    const inside = await readInsideFiles(this.#inside);
    const build = { context, mirrors, own, parent, layer, asked: plan.layers, inside, name };
    const watch = new BuildWatch({
      clock: this.#options.clock,
      report,
      signal,
      requireDisk: () => requireFreeDisk(this.#options.work, DISK_FLOOR),
    });
    const { removed } = await buildLayer(build, watch.report, watch.signal).catch((error: unknown) => {
      throw watch.end() ?? error;
    });
    watch.end();
    this.#removals.add(removed);
    removed
      .catch((cause: unknown) => this.#options.log.warn({ cause: messageOf(cause) }, "the pair of a finished layer could not be removed"))
      .finally(() => this.#removals.delete(removed));
  }

  async #own(): Promise<string[]> {
    return [this.#options.subnet, ...this.#options.closed, ...(await hostAddresses())];
  }

  #guards(): GuardContext {
    return { ...this.#options, guardImage: () => this.guardImage() };
  }

  /** How many layers from the first on need no build: a later one contains all before it. */
  async #present(chain: readonly ChainLayer[]): Promise<number> {
    for (let count = chain.length; count > 0; count--) {
      const layer = chain[count - 1];
      if (layer !== undefined && (await this.#inspect(layer)) !== undefined) return count;
    }
    return 0;
  }

  async #describe(last: ChainLayer): Promise<BuiltImage | undefined> {
    const image = await this.#inspect(last);
    const contents = image === undefined ? undefined : await unpackContents(image.Comment);
    return image === undefined || contents === undefined ? undefined : { reference: this.#tag(last), bytes: image.Size, ...contents };
  }

  #inspect(layer: ChainLayer) {
    return translated("engine_unreachable", "the engine did not say what images it has", () =>
      unlessAbsent(this.#options.client.getImage(this.#tag(layer)).inspect()),
    );
  }

  async #chain(plan: ImagePlan, base: BaseIds): Promise<ChainLayer[]> {
    return layerChain(plan, base.main, insideDigest(await readInsideFiles(this.#inside), "main"));
  }

  async #findBase(): Promise<BaseIds | undefined> {
    this.#base = await this.#bases.find(this.#options.mirrors.suite ?? (await readHostSuite()));
    return this.#base;
  }

  async #ensureBase(mirrors: HostMirrors, report: BuildReport, signal: AbortSignal | undefined): Promise<BaseIds> {
    this.#base = await this.#bases.ensure(mirrors, report, signal);
    return this.#base;
  }

  #repository(): string {
    return imageRepository(this.#options.installation);
  }

  #tag({ address }: ChainLayer): string {
    return `${this.#repository()}:${address}`;
  }
}
