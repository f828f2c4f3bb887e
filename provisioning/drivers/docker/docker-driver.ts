import { availableParallelism } from "node:os";
import { codeOf, Limited } from "#foundation";
import {
  type Capabilities,
  type Channel,
  type Driver,
  type Handle,
  type ImagePlan,
  type ImageReport,
  type LiveGeneration,
  type PackagePower,
  ProvisioningError,
  type SandboxCondition,
  type SandboxSpec,
  type Started,
  type StartReport,
} from "#provisioning";
import { probeCapabilities } from "./capabilities.ts";
import { readCapacity } from "./capacity.ts";
import { connectMain } from "./connect-main.ts";
import type { DockerDriverOptions } from "./driver-options.ts";
import { EarlierParts } from "./earlier-parts.ts";
import { endSandbox } from "./end-sandbox.ts";
import { promptly, translated, unlessAbsent } from "./engine-errors.ts";
import { EngineHints } from "./engine-hints.ts";
import { Generations } from "./generations.ts";
import { type Guard, startGuard } from "./guard.ts";
import { GuardPool } from "./guard-pool.ts";
import { hostAddresses } from "./host-addresses.ts";
import { keepIdentity } from "./keep-identity.ts";
import { HOME_TARGET } from "./main-container.ts";
import { openFiles } from "./open-files.ts";
import { describeOwned, listObjects } from "./owned-objects.ts";
import { ProgramConnections } from "./program-connections.ts";
import { defaultGroups } from "./reading/control-group.ts";
import { SandboxReader } from "./reading/sandbox-reader.ts";
import { DockerResize } from "./resize-sandbox.ts";
import { DockerNetwork } from "./rewire-sandbox.ts";
import { conditionOf } from "./sandbox-condition.ts";
import { DRIVER_NAME, readHandle, type SandboxHandle, tryReadHandle } from "./sandbox-handle.ts";
import { type AttemptContext, attemptStart } from "./start-attempt.ts";
import { HomeStore, keeperUid } from "./storage/home-store.ts";
import { loopDeviceOf } from "./storage/loop-devices.ts";
import { SandboxStorage } from "./storage/sandbox-storage.ts";
import { ShippedVolumes } from "./storage/shipped-volumes.ts";
import { StorageFolders } from "./storage/storage-folders.ts";
import { sweepOnce } from "./sweep.ts";
import { Sweeper } from "./sweeper.ts";
import { DockerUsage } from "./usage.ts";
import { raiseWatchLimits } from "./watch-limits.ts";

const CAPABILITIES_MS = 60_000;
const REFILL_PAUSE_MS = 500;
const KEEP_IDENTITY_PAUSE_MS = 500;

/** Two containers, their shims, and the channel's server in an otherwise idle workspace. */
const OVERHEAD = { cpu: 0, ram: 24 * 2 ** 20, storage: 0, ingress: 0, egress: 0 } as const;

/** The Docker engine as a driver. Nothing is changed on the engine before `recovered` or the first `start`. */
export async function createDockerDriver(options: DockerDriverOptions): Promise<Driver> {
  const folders = new StorageFolders(options.home);
  await folders.make();
  const homes = new HomeStore(folders, { ...options, blanks: options.poolSize });
  await homes.removeHalfMade();
  if (!(await raiseWatchLimits())) options.log.warn({}, "the machine's limits of file watches could not be raised: workspaces share few");
  return new DockerDriver(options, folders, homes, await openFiles(options.isOwnEngine));
}

class DockerDriver implements Driver {
  readonly name = DRIVER_NAME;
  readonly usage: DockerUsage;
  readonly resizing: DockerResize;
  readonly network: DockerNetwork;
  readonly packages: PackagePower;
  readonly #options: DockerDriverOptions;
  readonly #folders: StorageFolders;
  readonly #homes: HomeStore;
  readonly #generations = new Generations();
  readonly #connections = new ProgramConnections();
  readonly #guards = new Set<string>();
  readonly #pool: GuardPool;
  readonly #starts = new Limited(2 * availableParallelism());
  readonly #hints: EngineHints;
  readonly #sweeper: Sweeper;
  readonly #attempt: AttemptContext;
  readonly #reader: SandboxReader;
  #lastRam = 0;
  #hasIfb: boolean | undefined;
  #capabilities: { readonly at: number; readonly probed: Promise<Omit<Capabilities, "pools">> } | undefined;

  constructor(options: DockerDriverOptions, folders: StorageFolders, homes: HomeStore, openFiles: number) {
    const { clock, log } = options;
    this.#options = options;
    this.#folders = folders;
    this.#homes = homes;
    this.#reader = new SandboxReader({ clock, log });
    this.usage = new DockerUsage(options, homes, this.#reader);
    this.resizing = new DockerResize(options);
    this.packages = {
      examine: (plan, signal) => options.images.examine(plan, signal),
      names: (plan, signal) => options.images.names(plan, signal),
      bases: () => options.images.bases(),
    };
    this.#pool = new GuardPool({ size: options.poolSize, start: () => this.#startGuard(), clock, log });
    this.#hints = new EngineHints(options, clock);
    const shipped = new ShippedVolumes(folders, options.volumes);
    const storage = new SandboxStorage({ folders, homes, shipped });
    const own = async () => [...(await hostAddresses()), options.subnet, ...options.closed];
    this.network = new DockerNetwork(options, own);
    const earlier = new EarlierParts(options, storage);
    const connections = this.#connections;
    const takeGuard = () => this.#pool.take();
    const reader = this.#reader;
    const keeper = keeperUid(options.remapBase);
    const { devices } = folders;
    this.#attempt = { context: options, storage, homes, earlier, clock, connections, keeper, openFiles, own, devices, takeGuard, reader };
    const sweep = {
      context: options,
      storage,
      homes,
      clock,
      connections,
      generations: this.#generations,
      guards: this.#guards,
      now: () => clock.now(),
    };
    this.#sweeper = new Sweeper({ sweep: () => sweepOnce(sweep), clock, log });
  }

  async capabilities(): Promise<Capabilities> {
    const now = this.#options.clock.monotonic();
    if (this.#capabilities === undefined || now - this.#capabilities.at > CAPABILITIES_MS) {
      const probed = probeCapabilities(this.#options, this.#options, this.#hasIfb);
      this.#capabilities = { at: now, probed };
      probed.catch(() => {
        this.#capabilities = undefined;
      });
    }
    return { ...(await this.#capabilities.probed), pools: { guards: this.#pool.waiting.length } };
  }

  async capacity() {
    const { node, imageBudget, bandwidth } = this.#options;
    const [homes, images] = await Promise.all([this.#homes.list(), this.images()]);
    const taken = images.reduce((sum, { bytes }) => sum + bytes, 0);
    const facts = {
      node,
      homes: this.#folders.homes,
      imageBudget: Math.max(0, imageBudget - taken),
      bandwidth,
      ownRam: () => this.#ownRam(),
    };
    return [await readCapacity(this.#options, facts, homes)];
  }

  overhead() {
    return OVERHEAD;
  }

  ensureImage(plan: ImagePlan, report: ImageReport, signal?: AbortSignal) {
    return this.#options.images.ensureImage(plan, report, signal);
  }

  findImage(plan: ImagePlan) {
    return this.#options.images.findImage(plan);
  }

  images() {
    return this.#options.images.images();
  }

  removeImage(reference: string) {
    return this.#options.images.removeImage(reference);
  }

  async start(spec: SandboxSpec, report: StartReport, signal?: AbortSignal): Promise<Started> {
    try {
      const started = await this.#generations.starting(spec, (cancelled) =>
        this.#starts.run(() =>
          attemptStart(this.#attempt, spec, report, signal === undefined ? cancelled : AbortSignal.any([cancelled, signal])),
        ),
      );
      this.#keepIdentitySoon(started.handle);
      return started;
    } finally {
      this.#refillSoon();
    }
  }

  /** Making a guard takes a core for 400 ms, and a home 25: not while the workspace that took the last one is being configured and asked its first question. */
  #refillSoon(): void {
    const pause = this.#pool.waiting.length === 0 ? 0 : REFILL_PAUSE_MS;
    const refill = () => {
      this.#pool.refill();
      this.#homes.makeOthers();
    };
    this.#options.clock.after(pause, refill, { unref: true });
  }

  /** It takes as long as a command by the engine: not while the workspace is being configured and asked its first question. */
  #keepIdentitySoon(handle: Handle): void {
    const { main, uid } = readHandle(handle);
    const { clock, client, log } = this.#options;
    const keep = () =>
      keepIdentity(client.getContainer(main), { uid, keeper: this.#attempt.keeper }).catch((error: unknown) =>
        log.warn({ err: error, main }, "the identity of a workspace stays in its own hands"),
      );
    clock.after(KEEP_IDENTITY_PAUSE_MS, () => void keep(), { unref: true });
  }

  async connect(handle: Handle): Promise<Channel> {
    const { client, clock, log } = this.#options;
    const content = readHandle(handle);
    return connectMain({ client, clock, connections: this.#connections, log: log.child({ main: content.main }) }, content);
  }

  async recover(handle: Handle): Promise<SandboxCondition> {
    const condition = await this.inspect(handle);
    if (condition.condition === "running") {
      this.#generations.add(handle);
      this.#keepIdentitySoon(handle);
    }
    return condition;
  }

  async inspect(handle: Handle): Promise<SandboxCondition> {
    const content = tryReadHandle(handle);
    if (content === undefined) return { condition: "broken", why: "the handle of the sandbox cannot be read" };
    const [guard, main] = await Promise.all([this.#stateOf(content.guard), this.#stateOf(content.main)]);
    const isMounted = main?.Running === true && (await this.#homeIsMounted(handle.home, content.main, main.Pid));
    return conditionOf(guard, main, isMounted);
  }

  async destroy(handle: Handle, options: { readonly grace: number; readonly keepHome: boolean }): Promise<void> {
    await this.#generations.cancelStart(handle);
    const content: SandboxHandle | undefined = tryReadHandle(handle);
    await endSandbox(this.#attempt, handle, { ...options, guard: content?.guard });
    this.#generations.remove(handle);
    if (!options.keepHome && !this.#generations.isWorkspaceAlive(handle.workspace)) this.#attempt.earlier.ended(handle.workspace);
    if (content !== undefined) this.usage.forget(content.main);
  }

  async listOwned() {
    return describeOwned(await listObjects(this.#options));
  }

  async homes() {
    const attached = new Set(await this.#homes.attached());
    const known = (await this.#homes.list()).map((home) => ({ ...home, state: attached.has(home.home) ? "attached" : "idle" }) as const);
    const quarantined = (await this.#homes.quarantined()).map((home) => ({ ...home, state: "quarantined" }) as const);
    return [...known, ...quarantined].map((home) => ({ ...home, node: this.#options.node }));
  }

  async removeHome(home: string): Promise<void> {
    await this.#mustBeIdle(home);
    await this.#homes.remove(home);
    await this.#homes.removeQuarantined(home);
  }

  async #mustBeIdle(home: string): Promise<void> {
    const isHeld = (await listObjects(this.#options, { home })).some(({ role }) => role === "main");
    if (isHeld || this.#generations.isHomeInUse(home))
      throw new ProvisioningError("storage_failed", "a home is still in use", { detail: { home } });
  }

  /** A tar archive of the home's ext4 image, with its holes, and its record: `tar -xSf FILE`, then `mount -o loop,ro HOME.img FOLDER`. */
  async exportHome(home: string) {
    await this.#mustBeIdle(home);
    return this.#homes.export(home);
  }

  recovered(live: readonly LiveGeneration[], homes: ReadonlySet<string>): void {
    for (const sandbox of live) this.#generations.add(sandbox);
    const isOwned = (home: string) => homes.has(home) || this.#generations.isHomeInUse(home);
    this.#homes.quarantineUnowned(isOwned).catch((error: unknown) => this.#options.log.warn({ error }, "unknown homes were not put aside"));
    this.#pool.open();
    this.#attempt.earlier
      .look()
      .catch((error: unknown) => this.#options.log.debug({ error }, "the first start looks for earlier attempts"));
    void this.#homes.makeAhead().catch((error: unknown) => this.#options.log.warn({ error }, "no homes are made ahead"));
    this.#sweeper.begin();
  }

  onHint(listener: (workspace: string | undefined) => void): () => void {
    return this.#hints.subscribe(listener);
  }

  async close(): Promise<void> {
    const { images } = this.#options;
    await Promise.all([this.#sweeper.close(), this.#hints.close(), this.#pool.close(), this.#homes.close(), images.close()]);
    this.#reader.close();
  }

  async #startGuard(): Promise<Guard> {
    const guard = await startGuard({ ...this.#options, guardImage: () => this.#options.images.guardImage() });
    if (this.#hasIfb !== guard.hasIfb) this.#capabilities = undefined;
    this.#hasIfb = guard.hasIfb;
    this.#guards.add(guard.id);
    void guard.closed.then(() => this.#guards.delete(guard.id));
    return guard;
  }

  /** Bytes that our containers hold: of their common control group, or, where others' are in it too, of each. */
  async #ownRam(): Promise<number> {
    const { cgroupParent } = this.#options;
    if (cgroupParent !== undefined) return this.#ramOf([cgroupParent]);
    const running = (await listObjects(this.#options)).filter(({ kind, isRunning }) => kind === "container" && isRunning);
    return this.#ramOf(defaultGroups(running.map(({ id }) => id)));
  }

  /** As of the last time that the kernel said it. */
  async #ramOf(groups: readonly string[]): Promise<number> {
    this.#lastRam = await this.#reader.ask("all", "ram", groups).catch((error: unknown) => {
      if (codeOf(error) !== "reading_late") throw error;
      return this.#lastRam;
    });
    return this.#lastRam;
  }

  async #stateOf(container: string) {
    const found = await translated("engine_unreachable", "the engine did not say how a container is", () =>
      unlessAbsent(promptly(this.#options.client.getContainer(container).inspect())),
    );
    return found?.State;
  }

  async #homeIsMounted(home: string, main: string, pid: number): Promise<boolean> {
    const device = await loopDeviceOf(this.#folders.homeImage(home));
    const mounts = await this.#reader.ask(main, "mounts", pid);
    return device !== undefined && mounts.some((mount) => mount.target === HOME_TARGET && mount.device === device.number);
  }
}
