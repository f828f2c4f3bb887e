import { Readable } from "node:stream";
import { type Amounts, BASE_NAMES, NO_AMOUNTS, type Phase } from "@guise/contract";
import { type Clock, delay } from "#foundation";
import {
  type BuiltImage,
  type Capabilities,
  type Channel,
  type Driver,
  type Handle,
  type ImagePlan,
  type ImageReport,
  type LiveAmounts,
  type LiveGeneration,
  type NetworkPower,
  type NetworkRules,
  type NodeCapacity,
  type OwnedSandbox,
  type PackagePower,
  ProvisioningError,
  type ResizePower,
  type SandboxCondition,
  type SandboxSpec,
  type Started,
  type StartReport,
  type StoredHome,
  type StoredImage,
} from "#provisioning";
import { MemoryChannel, type SimulatedInside } from "./memory-channel.ts";
import { MemoryImages } from "./memory-images.ts";
import { fairWeather, type Weather } from "./weather.ts";

/** The simulated engine. It outlives drivers: two drivers on one engine are a restart of Guise. */
export class MemoryEngine {
  readonly sandboxes = new Map<string, { spec: SandboxSpec; readonly inside: SimulatedInside; channels: Set<MemoryChannel> }>();
  readonly images = new MemoryImages();
  /** The files of homes, by home. */
  readonly homes = new Map<string, { readonly files: SimulatedInside["files"]; readonly promised: number }>();
  readonly quarantined = new Set<string>();
  reachable = true;
  /** Every call that reached the engine, for tests of order and count. */
  readonly calls: { verb: string; workspace?: string; generation?: number }[] = [];
}

export interface MemoryDriverOptions {
  readonly clock: Clock;
  readonly engine?: MemoryEngine;
  readonly nodes?: readonly { readonly node: string; readonly capacity: Amounts }[];
  readonly weather?: Weather;
  /** Milliseconds that a phase of a start, and a layer of a build, take in fair weather. */
  readonly pace?: number;
  readonly overhead?: Amounts;
  /** What it is to say that it holds; every limit without it, for nothing that it simulates exceeds one. */
  readonly enforces?: Partial<Capabilities["enforces"]>;
  readonly program?: SimulatedInside["program"];
}

const SIMULATED: Capabilities["enforces"] = { cpu: true, ram: true, storage: true, bandwidth: true, processes: true, network: true };
const DEFAULT_NODE = { node: "node-1", capacity: { cpu: 8000, ram: 16 * 2 ** 30, storage: 200 * 2 ** 30, ingress: 1e9, egress: 1e9 } };
const START_PHASES: readonly Phase[] = ["sandbox", "network", "storage"];

export function createMemoryDriver(options: MemoryDriverOptions): Driver {
  return new MemoryDriver(options);
}

/** What the simulated mirrors have, as far as anybody looks for it. */
const NAMES = [{ name: "hello", summary: "says hello" }] as const;
/** What the simulated programs of a sandbox use. */
const LEAST_RAM = 2 ** 26;

const keyOf = (workspace: string, generation: number) => `${workspace}#${generation}`;

class MemoryDriver implements Driver {
  readonly name = "memory";
  readonly resizing: ResizePower = { resize: (handle, amounts) => this.#resize(handle, amounts) };
  readonly packages: PackagePower = {
    examine: async (plan) => this.#engine.images.examine(plan),
    names: async () => NAMES,
    bases: async () => ({ here: BASE_NAMES, standard: BASE_NAMES[0] }),
  };
  readonly network: NetworkPower = { rewire: (handle, rules) => this.#rewire(handle, rules) };
  readonly #options: MemoryDriverOptions;
  readonly #engine: MemoryEngine;
  readonly #weather: Weather;
  readonly #listeners = new Set<(workspace: string | undefined) => void>();

  constructor(options: MemoryDriverOptions) {
    this.#options = options;
    this.#engine = options.engine ?? new MemoryEngine();
    this.#weather = options.weather ?? fairWeather;
  }

  async capabilities(): Promise<Capabilities> {
    return {
      enforces: { ...SIMULATED, ...this.#options.enforces },
      powers: ["resize", "rewire", "packages"],
      facts: { simulated: true },
      warnings: ["simulated engine: nothing really runs"],
      pools: {},
    };
  }

  async capacity(): Promise<readonly NodeCapacity[]> {
    this.#mustBeReachable();
    return (this.#options.nodes ?? [DEFAULT_NODE]).map(({ node, capacity }) => ({ node, capacity, ceiling: capacity, assumed: [] }));
  }

  overhead(): Amounts {
    return this.#options.overhead ?? NO_AMOUNTS;
  }

  async findImage(plan: ImagePlan): Promise<BuiltImage | undefined> {
    this.#mustBeReachable();
    return this.#engine.images.find(plan);
  }

  async ensureImage(plan: ImagePlan, report: ImageReport, signal?: AbortSignal): Promise<BuiltImage> {
    this.#call("ensureImage");
    const found = this.#engine.images.find(plan);
    if (found !== undefined) return found;
    report.expects(plan.layers.length * (this.#options.pace ?? 0));
    return this.#engine.images.build(
      plan,
      () => this.#options.clock.now(),
      async (layer, index) => {
        report.progress(`installing ${layer.packages.join(" ")}`, Math.round((100 * index) / plan.layers.length));
        await this.#pace(signal);
      },
    );
  }

  async images(): Promise<readonly StoredImage[]> {
    this.#mustBeReachable();
    return this.#engine.images.list(this.#isUsed);
  }

  async removeImage(reference: string): Promise<void> {
    this.#mustBeReachable();
    this.#engine.images.remove(reference, this.#isUsed);
  }

  readonly #isUsed = (reference: string) => [...this.#engine.sandboxes.values()].some(({ spec }) => spec.image === reference);

  async start(spec: SandboxSpec, report: StartReport, signal?: AbortSignal): Promise<Started> {
    this.#call("start", spec.workspace, spec.generation);
    const handle: Handle = {
      driver: this.name,
      version: 1,
      workspace: spec.workspace,
      generation: spec.generation,
      home: spec.home,
      opaque: { name: spec.engineName },
    };
    if (!this.#engine.images.has(spec.image)) throw new ProvisioningError("image_missing", "the image of the workspace is not there");
    await report.handle(handle);
    for (const phase of START_PHASES) await this.#phase(spec, phase, report, signal);
    const home = { files: this.#engine.homes.get(spec.home)?.files ?? new Map(), promised: spec.storage };
    this.#engine.homes.set(spec.home, home);
    const inside: SimulatedInside = { files: home.files, program: this.#options.program ?? (() => undefined) };
    this.#engine.sandboxes.set(keyOf(spec.workspace, spec.generation), { spec, inside, channels: new Set() });
    if (this.#weather.at({ workspace: spec.workspace, generation: spec.generation, phase: "readiness" })?.kind === "loses_answer")
      throw new ProvisioningError("engine_unreachable", "the answer of the simulated engine was lost");
    return { handle, channel: await this.connect(handle) };
  }

  async #phase(spec: SandboxSpec, phase: Phase, report: StartReport, signal?: AbortSignal): Promise<void> {
    const began = this.#options.clock.monotonic();
    report.phaseStarted(phase, `simulated ${phase}`);
    const mishap = this.#weather.at({ workspace: spec.workspace, generation: spec.generation, phase });
    if (mishap?.kind === "dies") throw new ProvisioningError("start_failed", `the simulated weather ended the start in phase ${phase}`);
    if (mishap?.kind === "engine_unreachable") throw new ProvisioningError("engine_unreachable", "the simulated engine does not answer");
    if (mishap?.kind === "slow") await delay(this.#options.clock, mishap.milliseconds, signal);
    signal?.throwIfAborted();
    if (mishap?.kind === "hangs")
      await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
    await this.#pace(signal);
    report.phaseFinished(phase, this.#options.clock.monotonic() - began);
  }

  async connect(handle: Handle): Promise<Channel> {
    this.#mustBeReachable();
    const sandbox = this.#engine.sandboxes.get(keyOf(handle.workspace, handle.generation));
    if (sandbox === undefined)
      throw new ProvisioningError("sandbox_gone", `there is no sandbox of ${handle.workspace}, generation ${handle.generation}`);
    const channel = new MemoryChannel(sandbox.inside);
    sandbox.channels.add(channel);
    channel.closed.then(() => sandbox.channels.delete(channel));
    return channel;
  }

  async recover(handle: Handle): Promise<SandboxCondition> {
    return this.inspect(handle);
  }

  async inspect(handle: Handle): Promise<SandboxCondition> {
    this.#mustBeReachable();
    return { condition: this.#engine.sandboxes.has(keyOf(handle.workspace, handle.generation)) ? "running" : "gone" };
  }

  async destroy(handle: Handle, options: { readonly keepHome: boolean }): Promise<void> {
    this.#call("destroy", handle.workspace, handle.generation);
    const mishap = this.#weather.at({ workspace: handle.workspace, generation: handle.generation, phase: "removal" });
    if (mishap?.kind === "dies") throw new ProvisioningError("storage_failed", "the simulated weather does not let the home go");
    if (mishap?.kind === "engine_unreachable") throw new ProvisioningError("engine_unreachable", "the simulated engine does not answer");
    this.#remove(keyOf(handle.workspace, handle.generation));
    if (!options.keepHome && !this.#isAttached(handle.home)) this.#engine.homes.delete(handle.home);
  }

  async homes(): Promise<readonly StoredHome[]> {
    this.#mustBeReachable();
    const [first = DEFAULT_NODE] = this.#options.nodes ?? [];
    return [...this.#engine.homes].map(([home, { files, promised }]) => ({
      home,
      node: first.node,
      state: this.#engine.quarantined.has(home) ? "quarantined" : this.#isAttached(home) ? "attached" : "idle",
      promised,
      taken: [...files.values()].reduce((sum, { content }) => sum + content.length, 0),
    }));
  }

  async removeHome(home: string): Promise<void> {
    this.#mustBeReachable();
    if (this.#isAttached(home)) throw new ProvisioningError("storage_failed", "a home is still in use", { detail: { home } });
    this.#engine.homes.delete(home);
    this.#engine.quarantined.delete(home);
  }

  /** A JSON object of paths and contents. */
  async exportHome(home: string): Promise<Readable> {
    this.#mustBeReachable();
    const files = this.#engine.homes.get(home)?.files;
    if (files === undefined) throw new ProvisioningError("home_missing", "there is no such home", { detail: { home } });
    if (this.#isAttached(home)) throw new ProvisioningError("storage_failed", "a home is still in use", { detail: { home } });
    return Readable.from([JSON.stringify(Object.fromEntries([...files].map(([path, { content }]) => [path, content.toString("base64")])))]);
  }

  async #resize({ workspace, generation }: Handle, amounts: LiveAmounts): Promise<void> {
    this.#call("resize", workspace, generation);
    const sandbox = this.#engine.sandboxes.get(keyOf(workspace, generation));
    if (sandbox === undefined) throw new ProvisioningError("sandbox_gone", `there is no sandbox of ${workspace}, generation ${generation}`);
    if (amounts.ram < LEAST_RAM) throw new ProvisioningError("resize_refused", "its programs use more ram than it would have");
    const mishap = this.#weather.at({ workspace, generation, phase: "resize" });
    if (mishap?.kind === "engine_unreachable") throw new ProvisioningError("engine_unreachable", "the simulated engine does not answer");
    const { cpu, ram, ingress, egress } = amounts;
    sandbox.spec = { ...sandbox.spec, limits: { ...sandbox.spec.limits, cpu, ram }, bandwidth: { ingress, egress } };
    if (mishap?.kind === "loses_answer") throw new ProvisioningError("engine_unreachable", "the simulated answer was lost");
  }

  async #rewire({ workspace, generation }: Handle, network: NetworkRules): Promise<void> {
    this.#call("rewire", workspace, generation);
    const sandbox = this.#engine.sandboxes.get(keyOf(workspace, generation));
    if (sandbox === undefined) throw new ProvisioningError("sandbox_gone", `there is no sandbox of ${workspace}, generation ${generation}`);
    sandbox.spec = { ...sandbox.spec, network };
  }

  #isAttached(home: string): boolean {
    return [...this.#engine.sandboxes.values()].some(({ spec }) => spec.home === home);
  }

  async listOwned(): Promise<readonly OwnedSandbox[]> {
    this.#mustBeReachable();
    return [...this.#engine.sandboxes.values()].map(({ spec }) => ({
      workspace: spec.workspace,
      generation: spec.generation,
      role: "sandbox",
      name: spec.engineName,
    }));
  }

  recovered(live: readonly LiveGeneration[], homes: ReadonlySet<string>): void {
    for (const home of this.#engine.homes.keys()) if (!homes.has(home)) this.#engine.quarantined.add(home);
    const keep = new Set(live.map(({ workspace, generation }) => keyOf(workspace, generation)));
    for (const key of this.#engine.sandboxes.keys()) if (!keep.has(key)) this.#remove(key);
  }

  onHint(listener: (workspace: string | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {}

  #remove(key: string): void {
    const sandbox = this.#engine.sandboxes.get(key);
    this.#engine.sandboxes.delete(key);
    for (const channel of sandbox?.channels ?? []) channel.close();
    for (const listener of this.#listeners) listener(sandbox?.spec.workspace);
  }

  #call(verb: string, workspace?: string, generation?: number): void {
    this.#mustBeReachable();
    this.#engine.calls.push({
      verb,
      ...(workspace === undefined ? {} : { workspace }),
      ...(generation === undefined ? {} : { generation }),
    });
  }

  #mustBeReachable(): void {
    if (!this.#engine.reachable) throw new ProvisioningError("engine_unreachable", "the simulated engine does not answer");
  }

  async #pace(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#options.pace !== undefined && this.#options.pace > 0) await delay(this.#options.clock, this.#options.pace, signal);
  }
}
