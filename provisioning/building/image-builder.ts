import { type Clock, type Log, messageOf } from "#foundation";
import {
  type BuildReport,
  type BuiltImage,
  type ImagePlan,
  type ImageReport,
  type LoginsOf,
  type NamedPackage,
  type PackageFindings,
  ProvisioningError,
  quietBuild,
} from "#provisioning";
import { readInsideFiles } from "./base/inside-files.ts";
import { suiteOf } from "./base/suite-of.ts";
import { type Closing, closingDigest } from "./box/close-script.ts";
import { failedFetching } from "./box/fetch-failure.ts";
import type { BuildSite } from "./build-box.ts";
import { type KeptContents, unpackContents } from "./contents/image-contents.ts";
import { PackageIndex } from "./index/package-index.ts";
import { chainToBuild } from "./layers/chain-to-build.ts";
import { type ChainLayer, imageAddress, layerChain, nodeWorkshopChain, pythonLayer, reclosedAddress } from "./layers/layer-chain.ts";
import { partOf, wordsOf } from "./layers/layer-report.ts";
import { type ChainOrder, LayerWorks } from "./layers/layer-works.ts";
import { packageName } from "./managers/index.ts";
import type { HostMirrors, MirrorsOf } from "./mirrors/host-mirrors.ts";
import { allSourcesOf, openSources } from "./mirrors/package-sources.ts";
import { PythonLocks } from "./python/python-locks.ts";
import { unresolvedOf } from "./python/read-resolution.ts";

export interface ImageBuilderOptions {
  readonly site: BuildSite;
  readonly clock: Clock;
  readonly log: Log;
  readonly mirrors: MirrorsOf;
  /** What opens package sources. */
  readonly loginsOf: LoginsOf;
  /** The folder `provisioning/inside`. */
  readonly inside: string;
  /** PEM certificates, one each, that everything inside trusts beside the distribution's. */
  readonly authorities: readonly string[];
  /** Whether packages without wheels are built of their sources. */
  readonly sources: boolean;
}

interface Work extends Omit<ChainOrder, "hold" | "workshop"> {
  readonly report: ImageReport;
  readonly plan: ImagePlan;
}

/** Makes the images of personas, layer by layer, where the engine builds. */
export class ImageBuilder {
  readonly #options: ImageBuilderOptions;
  readonly #site: BuildSite;
  readonly #works: LayerWorks;
  readonly #locks: PythonLocks;
  readonly #index: PackageIndex;

  constructor(options: ImageBuilderOptions) {
    this.#options = options;
    this.#site = options.site;
    this.#works = new LayerWorks({ ...options, closing: () => this.#closing() });
    this.#locks = new PythonLocks(this.#works, options);
    this.#index = new PackageIndex({ ...options, python: (epoch, mirrors, signal) => this.#python(epoch, mirrors, signal) });
  }

  /** What layers stand on, made when it is missing. */
  async ensureBase(report: BuildReport, signal?: AbortSignal): Promise<void> {
    await this.#site.ensureBase(await this.#options.mirrors(undefined), report, signal);
  }

  /** Some look-ups on the engine. */
  async findImage(plan: ImagePlan): Promise<BuiltImage | undefined> {
    const base = await this.#site.findBase(suiteOf(plan));
    if (base === undefined) return undefined;
    const closing = closingDigest(await this.#closing());
    const found = await this.#describe(this.#site.referenceOf(imageAddress(plan, base, closing)));
    if (found !== undefined || plan.recorded === undefined) return found?.image;
    const recorded = await this.#describe(plan.recorded);
    if (recorded?.closing === closing) return recorded.image;
    return (await this.#describe(this.#site.referenceOf(reclosedAddress(plan.recorded, closing))))?.image;
  }

  /** See the driver's contract: builds what is missing of the plan's layers, one after another; other calls for the same layer join. */
  async ensureImage(plan: ImagePlan, report: ImageReport, signal?: AbortSignal): Promise<BuiltImage> {
    requireNames(plan);
    const found = await this.findImage(plan);
    if (found !== undefined) return found;
    await this.#site.prepare();
    const mirrors = await this.#options.mirrors(suiteOf(plan));
    const base = await this.#site.ensureBase(mirrors, report, signal);
    const opened = await openSources(allSourcesOf(plan), this.#options.loginsOf);
    const work = { plan, asked: plan.layers, mirrors, opened, base, report, signal };
    const before = plan.recorded === undefined ? undefined : await this.#describe(plan.recorded);
    const closing = closingDigest(await this.#closing());
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

  /** All packages of the distribution that the plan stands on. Rejects as `examine` does. */
  names(
    plan: Pick<ImagePlan, "base" | "packageEpoch">,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<readonly NamedPackage[]> {
    return this.#index.names({ ...plan, layers: [] }, signal);
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
      await this.#works.removed();
    }
  }

  /** Python's packages are resolved first: only then is it known which layers there are to be. */
  #buildAll(work: Work): Promise<void> {
    const { plan, base, report } = work;
    return this.#site.hold([], async (hold) => {
      const workshop = this.#options.sources ? nodeWorkshopChain(plan, base) : undefined;
      const order = { ...work, hold, workshop };
      const lock = await this.#locks.find({ ...order, report: partOf(report, 0, RESOLVED) });
      const wanted = layerChain(plan, base, closingDigest(await this.#closing()), lock);
      const { chain, ground, ...kept } = await chainToBuild(this.#site, this.#works, { plan, base, chain: wanted, hold });
      const resolveAlone = ({ packages }: ChainLayer) => this.#locks.resolve({ ...order, report: wordsOf(report) }, packages);
      report.expects(await this.#works.expected(chain));
      const building = { ...order, ...kept, resolveAlone };
      await this.#works.build(lock.length === 0 ? building : { ...building, report: partOf(report, RESOLVED, 100) }, chain, ground);
    });
  }

  /** Reference of the layer with Python and nothing of a persona. */
  async #python(packageEpoch: string, mirrors: HostMirrors, signal: AbortSignal): Promise<string> {
    const base = await this.#site.ensureBase(mirrors, quietBuild, signal);
    const runtime = pythonLayer({ packageEpoch }, base);
    const order = { asked: [], mirrors, opened: [], base, report: quietBuild, signal, workshop: undefined };
    await this.#site.hold([runtime.address], (hold) => this.#works.build({ ...order, hold }, [runtime]));
    return this.#site.referenceOf(runtime.address);
  }

  /** What was built of the plan before stays as it is, and gets newer files of Guise on top. */
  async #closeAgain(work: Work, { reference, launchables, contents, tried }: Described, address: string): Promise<void> {
    const known = { launchables, contents, tried };
    const layer: ChainLayer = { application: "", maker: "close", target: "/", packages: [], address };
    await this.#site.hold([address], (hold) => this.#works.build({ ...work, base: reference, known, hold, workshop: undefined }, [layer]));
    await this.#works.removed();
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

  async #describe(wanted: string): Promise<Described | undefined> {
    const kept = await this.#site.find(wanted);
    const contents = kept === undefined ? undefined : await unpackContents(kept.comment);
    if (kept === undefined || contents === undefined) return undefined;
    const { reference, bytes } = kept;
    return { ...contents, reference, image: { reference, bytes, launchables: contents.launchables, contents: contents.contents } };
  }

  async #closing(): Promise<Closing> {
    return { inside: await readInsideFiles(this.#options.inside), authorities: this.#options.authorities };
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
