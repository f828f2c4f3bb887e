import { Limited } from "#foundation";
import { type BuildReport, type ImagePlan, ProvisioningError } from "#provisioning";
import { JoinedWork } from "../layers/joined-work.ts";
import { pythonLayer, wheelAddress, workshopChain } from "../layers/layer-chain.ts";
import { partOf, wordsOf } from "../layers/layer-report.ts";
import type { ChainOrder, LayerWorks } from "../layers/layer-works.ts";
import { sourcesOf, withSources } from "../mirrors/package-sources.ts";
import { buildWheel, type WheelBuild } from "../sources/build-wheel.ts";
import { readWheel, type SourceWheel } from "../sources/source-wheel.ts";
import type { Lock } from "./lock.ts";
import { ALWAYS } from "./python-layers.ts";
import { resolvePython } from "./resolve-python.ts";
import type { SourcePackage } from "./source-rounds.ts";

export interface PythonOrder extends ChainOrder {
  readonly plan: ImagePlan;
}

/** Resolutions at the same time. They take no place among the builds: one that needs a wheel waits for builds. */
const RESOLUTIONS = 2;

/** Finds the versions of plans' Python packages; what has no wheel is built for it. */
export class PythonLocks {
  readonly #works: LayerWorks;
  readonly #options: Pick<WheelBuild, "log"> & { readonly sources: boolean };
  readonly #running = new JoinedWork<Lock>();
  readonly #resolving = new Limited(RESOLUTIONS);

  constructor(works: LayerWorks, options: Pick<WheelBuild, "log"> & { readonly sources: boolean }) {
    this.#works = works;
    this.#options = options;
  }

  /** Versions that fit together. Rejects as `resolvePython` and `buildWheel`. */
  async find(order: PythonOrder): Promise<Lock> {
    const asked = order.plan.layers.filter(({ manager }) => manager === "pip").flatMap(({ packages }) => packages);
    return asked.length === 0 ? [] : this.resolve(order, [...new Set([...asked, ...ALWAYS])]);
  }

  /** The same of these alone. */
  async resolve(order: PythonOrder, wanted: readonly string[]): Promise<Lock> {
    const { plan, base, hold, report, signal } = order;
    const { site } = this.#works;
    const runtime = pythonLayer(plan, base);
    const workshop = workshopChain(plan, base).at(-1);
    await hold([runtime.address]);
    await this.#works.build({ ...order, report: partOf(report, 0, 70) }, [runtime]);
    const sources = sourcesOf(plan, "pip");
    const mirrors = withSources(order.mirrors, order.opened, sources);
    const { preferred = [] } = plan;
    const key = JSON.stringify([runtime.address, workshop?.address, wanted, preferred, sources]);
    const lock = await this.#running.run(key, partOf(report, 70, 100), signal, (all, ended) =>
      this.#resolving.run(() =>
        this.#works.watched(all, ended, async (watched, ending) => {
          const wheelOf = (locked: SourcePackage, told: BuildReport, stop: AbortSignal) =>
            this.#wheel({ ...order, report: told, signal: stop }, locked);
          const parent = site.referenceOf(runtime.address);
          const resolving = { site, mirrors, parent, wanted, preferred, wheelOf: this.#options.sources ? wheelOf : undefined };
          const { lock: found, removed } = await resolvePython(resolving, watched, ending);
          this.#works.removeBeside(removed);
          return found;
        }),
      ),
    );
    // Who joined holds what it was not there to hold.
    await hold(lock.flatMap(({ wheel }) => (wheel === undefined ? [] : [wheel.address])));
    return lock;
  }

  async #wheel(order: PythonOrder, locked: SourcePackage): Promise<SourceWheel> {
    const { plan, base, report, signal, hold } = order;
    const sources = sourcesOf(plan, "pip");
    const mirrors = withSources(order.mirrors, order.opened, sources);
    const { site } = this.#works;
    const chain = workshopChain(plan, base);
    const workshop = chain.at(-1)?.address ?? "";
    const address = wheelAddress(workshop, locked, sources);
    await hold([...chain.map((layer) => layer.address), address]);
    const known = await this.#kept(address);
    if (known !== undefined) return known;
    await this.#works.build({ ...order, report: wordsOf(report) }, chain);
    const python = site.referenceOf(pythonLayer(plan, base).address);
    const build = { site, log: this.#options.log, mirrors, workshop: site.referenceOf(workshop), python, locked, address };
    await this.#works.make(address, wordsOf(report), signal, (all, ended) => buildWheel(build, all, ended));
    const built = await this.#kept(address);
    if (built === undefined) throw new ProvisioningError("image_missing", `the wheel of ${locked.name} vanished while it was built`);
    return built;
  }

  async #kept(address: string): Promise<SourceWheel | undefined> {
    const layer = await this.#works.kept(address);
    return layer === undefined ? undefined : readWheel(address, layer.comment);
  }
}
