import { type Clock, Limited, type Log, messageOf } from "#foundation";
import { type BuildReport, type ImageLayer, ProvisioningError } from "#provisioning";
import type { Closing } from "../box/close-script.ts";
import { failedFetching } from "../box/fetch-failure.ts";
import type { BuildSite, HoldAlso, KeptLayer } from "../build-box.ts";
import type { Grown, KeptContents } from "../contents/image-contents.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import type { OpenSource } from "../mirrors/open-source.ts";
import { withSources } from "../mirrors/package-sources.ts";
import { secretsOf } from "../mirrors/source-logins.ts";
import type { Lock } from "../python/lock.ts";
import { wantsCompiler } from "../sources/install-failure.ts";
import { BuildWatch } from "./build-watch.ts";
import { LayerPace } from "./expected-time.ts";
import { JoinedWork } from "./joined-work.ts";
import { buildLayer, type LayerBuild } from "./layer-build.ts";
import { type ChainLayer, displayOn } from "./layer-chain.ts";
import { layerReport, wordsOf } from "./layer-report.ts";
import { wantsDisplay } from "./wants-display.ts";

export interface LayerWorksOptions {
  readonly site: BuildSite;
  readonly clock: Clock;
  readonly log: Log;
  /** What every image is closed with now. */
  readonly closing: () => Promise<Closing>;
}

/** For whom a chain is built. */
export interface ChainOrder {
  /** The plan's layers: what the closing layer asks the image about. */
  readonly asked: readonly ImageLayer[];
  readonly mirrors: HostMirrors;
  /** The plan's package sources, for the layers that may take from them. */
  readonly opened: readonly OpenSource[];
  /** Reference of what the chain stands on. */
  readonly base: string;
  readonly report: BuildReport;
  readonly signal: AbortSignal | undefined;
  /** Holds further layers until the image is built. */
  readonly hold: HoldAlso;
  /** What has compilers, for layers that turn out to need them; undefined where nothing is compiled. */
  readonly workshop: readonly ChainLayer[] | undefined;
  /** Resolves the packages of a layer that stands alone, of sources too where there are no wheels; absent where nothing of the kind is built. */
  readonly resolveAlone?: (layer: ChainLayer) => Promise<Lock>;
  /** See `LayerBuild`. */
  readonly known?: KeptContents;
  readonly grown?: Grown;
  readonly before?: KeptContents | undefined;
}

/** Layers that are built at the same time, whoever asks: one takes about a core. */
const BUILDS = 2;

/** Where layers are made: few at a time, each once whoever asks, watched over. */
export class LayerWorks {
  readonly site: BuildSite;
  readonly #options: LayerWorksOptions;
  readonly #layers = new JoinedWork<void>();
  readonly #building = new Limited(BUILDS);
  readonly #pace = new LayerPace();
  /** Boxes of layers that are built already: the next layer does not wait for them, the image's caller does. */
  readonly #removals = new Set<Promise<void>>();

  constructor(options: LayerWorksOptions) {
    this.site = options.site;
    this.#options = options;
  }

  /** Builds what is missing of the chain, one layer after another, on the reference `ground`; other calls for the same layer join. */
  async build(order: ChainOrder, chain: readonly ChainLayer[], ground = order.base): Promise<void> {
    const present = await this.present(chain);
    for (const [index, layer] of chain.entries()) {
      if (index < present) continue;
      const parent = index === 0 ? ground : this.site.referenceOf((chain[index - 1] ?? layer).address);
      await this.#buildOne({ ...order, report: layerReport(chain.slice(present), index - present, order.report) }, layer, parent);
    }
  }

  /** A layer that cannot be had plainly is made once more with what it turned out to want. */
  async #buildOne(order: ChainOrder, layer: ChainLayer, parent: string): Promise<void> {
    const { asked, known, grown, before, opened, report, signal, hold, workshop, resolveAlone } = order;
    const { site } = this;
    const { log } = this.#options;
    const mirrors = withSources(order.mirrors, opened, layer.sources ?? []);
    const clean = await this.#cleanOf(layer, parent, order, mirrors);
    const facts = { site, log, mirrors, clean, parent, asked, grown, before, ...(known === undefined ? {} : { known }) };
    const make = (more: Partial<Pick<LayerBuild, "layer" | "workshop" | "parent">> = {}) =>
      this.make(layer.address, report, signal, async (all, ended) => {
        const began = this.#options.clock.monotonic();
        const built = await buildLayer({ ...facts, layer, closing: await this.#options.closing(), ...more }, all, ended);
        this.#pace.learn(layer, this.#options.clock.monotonic() - began);
        return built;
      });
    try {
      await make();
    } catch (error) {
      if (layer.maker === "pipx" && resolveAlone !== undefined && failedFetching(error)) {
        await make({ layer: { ...layer, lock: await resolveAlone(layer) } });
      } else if (wantsCompiler(error) && workshop !== undefined) {
        await hold(workshop.map(({ address }) => address));
        await this.build({ ...order, report: wordsOf(report), workshop: undefined }, workshop);
        await make({ workshop: site.referenceOf(workshop.at(-1)?.address ?? "") });
      } else if (layer.maker === "close" && wantsDisplay(error)) {
        const display = displayOn(parent);
        await hold([display.address]);
        await this.build({ ...order, report: wordsOf(report), workshop: undefined }, [display], parent);
        await make({ parent: site.referenceOf(display.address) });
      } else throw error;
    }
  }

  /** Ms that it takes to build what is missing of the chain, likely. */
  async expected(chain: readonly ChainLayer[]): Promise<number> {
    return this.#pace.expected(chain.slice(await this.present(chain)));
  }

  /** Makes the layer of this address unless it is there or is being made; `work` leaves nothing when it rejects. */
  make(
    address: string,
    report: BuildReport,
    signal: AbortSignal | undefined,
    work: (report: BuildReport, signal: AbortSignal) => Promise<{ readonly removed: Promise<void> }>,
  ): Promise<void> {
    return this.#layers.run(address, report, signal, (all, ended) =>
      this.#building.run(async () => {
        if (ended.aborted) throw new ProvisioningError("cancelled", "the build was cancelled");
        if ((await this.kept(address)) !== undefined) return;
        const { removed } = await this.watched(all, ended, work);
        this.removeBeside(removed);
      }),
    );
  }

  /** Calls off what says nothing, takes for ever or fills the disk. */
  async watched<T>(report: BuildReport, signal: AbortSignal, work: (report: BuildReport, signal: AbortSignal) => Promise<T>): Promise<T> {
    const watch = new BuildWatch({ clock: this.#options.clock, report, signal, requireDisk: () => this.site.requireDisk() });
    const done = await work(watch.report, watch.signal).catch((error: unknown) => {
      throw watch.end() ?? error;
    });
    watch.end();
    return done;
  }

  removeBeside(removed: Promise<void>): void {
    const { log } = this.#options;
    this.#removals.add(removed);
    removed
      .catch((cause: unknown) => log.warn({ cause: messageOf(cause) }, "the box of a finished layer could not be removed"))
      .finally(() => this.#removals.delete(removed));
  }

  /** Settles when no box of a finished layer is left. */
  async removed(): Promise<void> {
    await Promise.allSettled(this.#removals);
  }

  kept(address: string): Promise<KeptLayer | undefined> {
    return this.site.find(this.site.referenceOf(address));
  }

  /** Reference of what a layer is fetched in; undefined where nothing opens its mirrors, or where it stands on that anyway. */
  async #cleanOf(
    { maker, fetchedOn = [] }: ChainLayer,
    parent: string,
    order: ChainOrder,
    mirrors: HostMirrors,
  ): Promise<string | undefined> {
    if (maker === "close" || secretsOf(mirrors).length === 0) return undefined;
    const last = fetchedOn.at(-1);
    const clean = last === undefined ? order.base : this.site.referenceOf(last.address);
    if (clean === parent) return undefined;
    await order.hold(fetchedOn.map(({ address }) => address));
    await this.build({ ...order, opened: [], report: wordsOf(order.report), workshop: undefined }, fetchedOn);
    return clean;
  }

  /** How many layers from the first on need no build: a later one contains all before it. */
  async present(chain: readonly ChainLayer[]): Promise<number> {
    for (let count = chain.length; count > 0; count--) {
      const layer = chain[count - 1];
      if (layer !== undefined && (await this.kept(layer.address)) !== undefined) return count;
    }
    return 0;
  }
}
