import { type Clock, Limited, type Log, messageOf } from "#foundation";
import { type BuildReport, type BuiltImage, type ImagePlan, type PackageFindings, ProvisioningError, quietBuild } from "#provisioning";
import { readInsideFiles } from "./base/inside-files.ts";
import { closingDigest } from "./box/close-script.ts";
import { failedFetching } from "./box/fetch-failure.ts";
import type { BuildSite } from "./build-box.ts";
import { type ImageContents, type KeptContents, unpackContents } from "./contents/image-contents.ts";
import { PackageIndex } from "./index/package-index.ts";
import { BuildWatch } from "./layers/build-watch.ts";
import { JoinedWork } from "./layers/joined-work.ts";
import { buildLayer, type LayerBuild } from "./layers/layer-build.ts";
import { type ChainLayer, imageAddress, layerChain, pythonAddress, reclosedAddress } from "./layers/layer-chain.ts";
import { layerReport, partOf } from "./layers/layer-report.ts";
import { packageName } from "./managers/index.ts";
import type { HostMirrors } from "./mirrors/host-mirrors.ts";
import type { Lock } from "./python/lock.ts";
import { ALWAYS } from "./python/python-layers.ts";
import { unresolvedOf } from "./python/read-resolution.ts";
import { resolvePython } from "./python/resolve-python.ts";

export interface ImageBuilderOptions {
  readonly site: BuildSite;
  readonly clock: Clock;
  readonly log: Log;
  /** Where packages come from now. Rejects `mirror_unreachable`. */
  readonly mirrors: () => Promise<HostMirrors>;
  /** The folder `provisioning/inside`. */
  readonly inside: string;
}

interface Work {
  readonly plan: ImagePlan;
  readonly mirrors: HostMirrors;
  readonly base: string;
  readonly report: BuildReport;
  readonly signal: AbortSignal | undefined;
}

/** Layers that are built at the same time, whoever asks: one takes about a core. */
const BUILDS = 2;

/** Makes the images of personas, layer by layer, where the engine builds. */
export class ImageBuilder {
  readonly #options: ImageBuilderOptions;
  readonly #site: BuildSite;
  readonly #layers = new JoinedWork<void>();
  readonly #resolutions = new JoinedWork<Lock>();
  readonly #building = new Limited(BUILDS);
  readonly #index: PackageIndex;
  /** Boxes of layers that are built already: the next layer does not wait for them, the image's caller does. */
  readonly #removals = new Set<Promise<void>>();

  constructor(options: ImageBuilderOptions) {
    this.#options = options;
    this.#site = options.site;
    this.#index = new PackageIndex({ ...options, python: (epoch, mirrors, signal) => this.#pythonLayer(epoch, mirrors, signal) });
  }

  /** What layers stand on, made when it is missing. */
  async ensureBase(report: BuildReport, signal?: AbortSignal): Promise<void> {
    await this.#site.ensureBase(await this.#options.mirrors(), report, signal);
  }

  /** Some look-ups on the engine. */
  async findImage(plan: ImagePlan): Promise<BuiltImage | undefined> {
    const base = await this.#site.findBase();
    if (base === undefined) return undefined;
    const closing = await this.#closing();
    const found = await this.#describe(this.#site.referenceOf(imageAddress(plan, base, closing)));
    if (found !== undefined || plan.recorded === undefined) return found?.image;
    const recorded = await this.#describe(plan.recorded);
    if (recorded?.closing === closing) return recorded.image;
    return (await this.#describe(this.#site.referenceOf(reclosedAddress(plan.recorded, closing))))?.image;
  }

  /** See the driver's contract: builds what is missing of the plan's layers, one after another; other calls for the same layer join. */
  async ensureImage(plan: ImagePlan, report: BuildReport, signal?: AbortSignal): Promise<BuiltImage> {
    requireNames(plan);
    const found = await this.findImage(plan);
    if (found !== undefined) return found;
    await this.#site.prepare();
    const mirrors = await this.#options.mirrors();
    const base = await this.#site.ensureBase(mirrors, report, signal);
    const work = { plan, mirrors, base, report, signal };
    const before = plan.recorded === undefined ? undefined : await this.#describe(plan.recorded);
    const closing = await this.#closing();
    const target = before === undefined ? imageAddress(plan, base, closing) : reclosedAddress(before.reference, closing);
    return this.#site.hold([target], async () => {
      await (before === undefined ? this.#buildPatiently(work) : this.#closeAgain(work, before, target));
      const built = await this.findImage(plan);
      if (built === undefined) throw new ProvisioningError("image_missing", "the image vanished while it was built");
      return built;
    });
  }

  /** What the mirrors say of the plan's packages. Makes the base image when it is missing. Rejects `mirror_unreachable`, `refused_by_policy`. */
  examine(plan: ImagePlan, signal: AbortSignal = new AbortController().signal): Promise<PackageFindings> {
    requireNames(plan);
    return this.#index.examine(plan, signal);
  }

  /** Nothing that stays for the next examination is left. */
  close(): Promise<void> {
    return this.#index.close();
  }

  async #buildPatiently(work: Work): Promise<void> {
    try {
      await this.#buildAll(work).catch(async (error: unknown) => {
        // What one manager does not find, others may not find either: it is told all at once.
        const isMissing = unresolvedOf(error)?.kind === "no_such_package";
        if ((!failedFetching(error) && !isMissing) || work.signal?.aborted === true) throw error;
        await this.#refuseMissing(work);
        if (isMissing) throw error;
        this.#options.log.warn({ cause: messageOf(error) }, "a layer could not be fetched although all is there; it is fetched once more");
        await this.#buildAll(work);
      });
    } finally {
      await Promise.allSettled(this.#removals);
    }
  }

  /** Python's packages are resolved first: only then is it known which layers there are to be. */
  async #buildAll(work: Work): Promise<void> {
    const { plan, base } = work;
    const closing = await this.#closing();
    const python = pythonAddress(plan, base);
    const lock = python === undefined ? [] : await this.#lock(work, python);
    const chain = layerChain(plan, base, closing, lock);
    await this.#site.hold(
      chain.map(({ address }) => address),
      () => this.#buildChain(python === undefined ? work : { ...work, report: partOf(work.report, RESOLVED, 100) }, chain),
    );
  }

  /** Versions of the plan's Python packages that fit together. */
  async #lock(work: Work, python: string): Promise<Lock> {
    const { plan, base, mirrors, signal } = work;
    const report = partOf(work.report, 0, RESOLVED);
    const asked = plan.layers.filter(({ manager }) => manager === "pip").flatMap(({ packages }) => packages);
    if (asked.length === 0) return [];
    const wanted = [...new Set([...asked, ...ALWAYS])];
    const runtime = layerChain(plan, base, "", []).filter(({ address }) => address === python);
    return this.#site.hold([python], async () => {
      await this.#buildChain({ ...work, report: partOf(report, 0, 70) }, runtime);
      const resolving = { site: this.#site, mirrors, parent: this.#site.referenceOf(python), wanted };
      return this.#resolutions.run(JSON.stringify([python, wanted]), partOf(report, 70, 100), signal, (all, ended) =>
        this.#building.run(() =>
          this.#watched(all, ended, async (watch) => {
            const { lock, removed } = await resolvePython(resolving, watch.report, watch.signal);
            this.#removeBeside(removed);
            return lock;
          }),
        ),
      );
    });
  }

  /** The layer with Python and nothing of a persona. */
  async #pythonLayer(packageEpoch: string, mirrors: HostMirrors, signal: AbortSignal): Promise<string> {
    const base = await this.#site.ensureBase(mirrors, quietBuild, signal);
    const plan: ImagePlan = { layers: [{ application: "", manager: "pipx", packages: [] }], packageEpoch };
    const runtime = layerChain(plan, base, "", []).slice(0, 1);
    await this.#site.hold(
      runtime.map(({ address }) => address),
      () => this.#buildChain({ plan, mirrors, base, report: quietBuild, signal }, runtime),
    );
    return this.#site.referenceOf(runtime[0]?.address ?? "");
  }

  async #buildChain({ plan, mirrors, base, report, signal }: Work, chain: readonly ChainLayer[]): Promise<void> {
    const present = await this.#present(chain);
    for (const [index, layer] of chain.entries()) {
      if (index < present) continue;
      const parent = index === 0 ? base : this.#site.referenceOf((chain[index - 1] ?? layer).address);
      const own = layerReport(chain.slice(present), index - present, report);
      await this.#layers.run(layer.address, own, signal, (all, ended) =>
        this.#building.run(() => this.#build({ asked: plan.layers, mirrors, layer, parent }, all, ended)),
      );
    }
  }

  /** What was built of the plan before stays as it is, and gets newer files of Guise on top. */
  async #closeAgain(
    { plan, mirrors, report, signal }: Work,
    known: ImageContents & { readonly reference: string },
    address: string,
  ): Promise<void> {
    const layer: ChainLayer = { application: "", maker: "close", target: "/", packages: [], address };
    await this.#layers.run(address, report, signal, (all, ended) =>
      this.#building.run(() => this.#build({ asked: plan.layers, mirrors, layer, parent: known.reference, known }, all, ended)),
    );
    await Promise.allSettled(this.#removals);
  }

  /** All of the plan's packages that are nowhere, in one answer: the package manager names the first one only. */
  async #refuseMissing({ plan, report, signal }: Work): Promise<void> {
    report.progress("asking the mirrors which packages there are", undefined);
    const { missing } = await this.examine(plan, signal);
    if (missing.length === 0) return;
    const named = missing.map(({ manager, argument, nearest }) => {
      return `${manager}:${argument}${nearest === undefined ? "" : ` (nearest: ${manager}:${nearest})`}`;
    });
    throw new ProvisioningError("image_build_failed", `no package mirror has ${named.join(", ")}`, { detail: { missing: named } });
  }

  async #build(
    work: Pick<LayerBuild, "asked" | "mirrors" | "layer" | "parent" | "known">,
    report: BuildReport,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) throw new ProvisioningError("cancelled", "the build was cancelled");
    if ((await this.#kept(work.layer)) !== undefined) return;
    const { log } = this.#options;
    const build = { ...work, site: this.#site, log, inside: await readInsideFiles(this.#options.inside) };
    await this.#watched(report, signal, async (watch) => {
      const { removed } = await buildLayer(build, watch.report, watch.signal);
      this.#removeBeside(removed);
    });
  }

  async #watched<T>(report: BuildReport, signal: AbortSignal, work: (watch: BuildWatch) => Promise<T>): Promise<T> {
    const watch = new BuildWatch({ clock: this.#options.clock, report, signal, requireDisk: () => this.#site.requireDisk() });
    const done = await work(watch).catch((error: unknown) => {
      throw watch.end() ?? error;
    });
    watch.end();
    return done;
  }

  #removeBeside(removed: Promise<void>): void {
    const { log } = this.#options;
    this.#removals.add(removed);
    removed
      .catch((cause: unknown) => log.warn({ cause: messageOf(cause) }, "the box of a finished layer could not be removed"))
      .finally(() => this.#removals.delete(removed));
  }

  /** How many layers from the first on need no build: a later one contains all before it. */
  async #present(chain: readonly ChainLayer[]): Promise<number> {
    for (let count = chain.length; count > 0; count--) {
      const layer = chain[count - 1];
      if (layer !== undefined && (await this.#kept(layer)) !== undefined) return count;
    }
    return 0;
  }

  #kept({ address }: ChainLayer) {
    return this.#site.find(this.#site.referenceOf(address));
  }

  async #describe(wanted: string): Promise<Described | undefined> {
    const kept = await this.#site.find(wanted);
    const contents = kept === undefined ? undefined : await unpackContents(kept.comment);
    if (kept === undefined || contents === undefined) return undefined;
    const { closing, ...found } = contents;
    return { closing, reference: kept.reference, ...found, image: { reference: kept.reference, bytes: kept.bytes, ...found } };
  }

  async #closing(): Promise<string> {
    return closingDigest(await readInsideFiles(this.#options.inside));
  }
}

interface Described extends KeptContents {
  readonly reference: string;
  readonly image: BuiltImage;
}

/** What finding the versions takes of a build with Python packages, in percent. */
const RESOLVED = 10;

/** Rejects `refused_by_policy` whatever is not a name with a version. */
function requireNames(plan: ImagePlan): void {
  for (const { manager, packages } of plan.layers) for (const argument of packages) packageName(manager, argument);
}
