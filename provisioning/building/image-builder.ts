import { type Clock, Limited, type Log, messageOf } from "#foundation";
import { type BuildReport, type BuiltImage, type ImagePlan, ProvisioningError } from "#provisioning";
import { insideDigest } from "./base/base-plan.ts";
import { readInsideFiles } from "./base/inside-files.ts";
import type { BuildSite } from "./build-box.ts";
import { unpackContents } from "./contents/image-contents.ts";
import { BuildWatch } from "./layers/build-watch.ts";
import { JoinedWork } from "./layers/joined-work.ts";
import { buildLayer, failedFetching } from "./layers/layer-build.ts";
import { type ChainLayer, layerChain } from "./layers/layer-chain.ts";
import { layerReport } from "./layers/layer-report.ts";
import { packageName } from "./managers/index.ts";
import { type HostMirrors, type MirrorSettings, readHostMirrors } from "./mirrors/host-mirrors.ts";
import { checkPackages, type MissingPackage } from "./package-check.ts";

export interface ImageBuilderOptions {
  readonly site: BuildSite;
  readonly clock: Clock;
  readonly log: Log;
  readonly mirrors: MirrorSettings;
  /** The folder `provisioning/inside`. */
  readonly inside: string;
}

interface ChainBuild {
  readonly plan: ImagePlan;
  readonly mirrors: HostMirrors;
  readonly base: string;
  readonly chain: readonly ChainLayer[];
  readonly report: BuildReport;
}

/** Layers that are built at the same time, whoever asks: one takes about a core. */
const BUILDS = 2;

/** Makes the images of personas, layer by layer, where the engine builds. */
export class ImageBuilder {
  readonly #options: ImageBuilderOptions;
  readonly #site: BuildSite;
  readonly #layers = new JoinedWork<void>();
  readonly #building = new Limited(BUILDS);
  /** Boxes of layers that are built already: the next layer does not wait for them, the image's caller does. */
  readonly #removals = new Set<Promise<void>>();

  constructor(options: ImageBuilderOptions) {
    this.#options = options;
    this.#site = options.site;
  }

  /** What layers stand on, made when it is missing. */
  async ensureBase(report: BuildReport, signal?: AbortSignal): Promise<void> {
    await this.#site.ensureBase(await readHostMirrors(this.#options.mirrors), report, signal);
  }

  /** Two look-ups on the engine. */
  async findImage(plan: ImagePlan): Promise<BuiltImage | undefined> {
    const base = await this.#site.findBase();
    const last = base === undefined ? undefined : (await this.#chain(plan, base)).at(-1);
    return last === undefined ? undefined : this.#describe(last);
  }

  /** See the driver's contract: builds what is missing of the plan's layers, one after another; other calls for the same layer join. */
  async ensureImage(plan: ImagePlan, report: BuildReport, signal?: AbortSignal): Promise<BuiltImage> {
    requireNames(plan);
    const found = await this.findImage(plan);
    if (found !== undefined) return found;
    await this.#site.prepare();
    const mirrors = await readHostMirrors(this.#options.mirrors);
    const base = await this.#site.ensureBase(mirrors, report, signal);
    const chain = await this.#chain(plan, base);
    const work = { plan, mirrors, base, chain, report };
    return this.#site.hold(
      chain.map(({ address }) => address),
      async () => {
        await this.#buildPatiently(work, signal);
        const built = await this.findImage(plan);
        if (built === undefined) throw new ProvisioningError("image_missing", "the image vanished while it was built");
        return built;
      },
    );
  }

  /** Which of the plan's packages no mirror has. Makes the base image when it is missing. Rejects `mirror_unreachable`, `refused_by_policy`. */
  async checkPackages(plan: ImagePlan, report: BuildReport, signal: AbortSignal = new AbortController().signal): Promise<MissingPackage[]> {
    requireNames(plan);
    const mirrors = await readHostMirrors(this.#options.mirrors);
    const base = await this.#site.ensureBase(mirrors, report, signal);
    return checkPackages({ site: this.#site, mirrors, base }, plan.layers, signal);
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

  async #buildChain({ plan, mirrors, base, chain, report }: ChainBuild, signal: AbortSignal | undefined): Promise<void> {
    const present = await this.#present(chain);
    for (const [index, layer] of chain.entries()) {
      if (index < present) continue;
      const parent = index === 0 ? base : this.#site.referenceOf((chain[index - 1] ?? layer).address);
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

  async #build(
    { plan, mirrors, layer, parent }: { plan: ImagePlan; mirrors: HostMirrors; layer: ChainLayer; parent: string },
    report: BuildReport,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) throw new ProvisioningError("cancelled", "the build was cancelled");
    if ((await this.#site.find(layer.address)) !== undefined) return;
    const { clock, log } = this.#options;
    const build = { site: this.#site, log, mirrors, parent, layer, asked: plan.layers, inside: await this.#inside() };
    const watch = new BuildWatch({ clock, report, signal, requireDisk: () => this.#site.requireDisk() });
    const { removed } = await buildLayer(build, watch.report, watch.signal).catch((error: unknown) => {
      throw watch.end() ?? error;
    });
    watch.end();
    this.#removals.add(removed);
    removed
      .catch((cause: unknown) => log.warn({ cause: messageOf(cause) }, "the box of a finished layer could not be removed"))
      .finally(() => this.#removals.delete(removed));
  }

  /** How many layers from the first on need no build: a later one contains all before it. */
  async #present(chain: readonly ChainLayer[]): Promise<number> {
    for (let count = chain.length; count > 0; count--) {
      const layer = chain[count - 1];
      if (layer !== undefined && (await this.#site.find(layer.address)) !== undefined) return count;
    }
    return 0;
  }

  async #describe({ address }: ChainLayer): Promise<BuiltImage | undefined> {
    const kept = await this.#site.find(address);
    const contents = kept === undefined ? undefined : await unpackContents(kept.comment);
    return kept === undefined || contents === undefined ? undefined : { reference: kept.reference, bytes: kept.bytes, ...contents };
  }

  async #chain(plan: ImagePlan, base: string): Promise<ChainLayer[]> {
    return layerChain(plan, base, insideDigest(await this.#inside(), "main"));
  }

  #inside() {
    return readInsideFiles(this.#options.inside);
  }
}

/** Rejects `refused_by_policy` whatever is not a name with a version. */
function requireNames(plan: ImagePlan): void {
  for (const { manager, packages } of plan.layers) for (const argument of packages) packageName(manager, argument);
}
