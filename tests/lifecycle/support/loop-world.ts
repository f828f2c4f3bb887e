import type { Amounts, DesiredState, PersonaCheck, Reason, WorkspaceEvent, WorkspaceState } from "@guise/contract";
import { mergedText } from "#applications";
import { createMemoryDriver, fairWeather, type MemoryDriverOptions, MemoryEngine } from "#drivers/memory";
import { type Ids, ManualClock, randomIds, silentLog } from "#foundation";
import {
  Admission,
  Builds,
  type DataAccessKeeper,
  DoomedHomes,
  IdleWatch,
  ImageCollector,
  KnownImages,
  LifecycleLoop,
  LiveEvents,
  type LoopContext,
  performCheck,
  recover,
  VersionChecks,
} from "#lifecycle";
import { type ConcretePersona, encodeConcrete } from "#persona";
import type { Driver, VolumeSource } from "#provisioning";
import type { DesiredChange, Repository, WorkspaceRow } from "#repository";
import { MemoryDatabase } from "#repository/memory-database";
import { Activity } from "#usage";
import { CHECK_STEPS, ENGINE_STEPS, type Mortal, STORE_STEPS } from "./mortal.ts";
import { PassingTime } from "./passing-time.ts";
import { SimulatedDatabase, simulatedAccess, simulatedKeeper } from "./simulated-database.ts";

const GIB = 2 ** 30;
export const SMALL: Amounts = { cpu: 1000, ram: GIB, storage: GIB, ingress: 1e6, egress: 1e6 };
/** Room for four small ones. */
const NODE = { node: "node-1", capacity: { cpu: 4000, ram: 4 * GIB, storage: 100 * GIB, ingress: 1e9, egress: 1e9 } };

/** Of a persona that asks for nothing. */
const CONCRETE = { layers: [], applications: [], launch: [], variables: {}, files: [], egress: [], dataSources: [], stopGrace: 0 };

export interface WorldOptions extends Partial<Omit<MemoryDriverOptions, "clock">> {
  /** The Guise that is started may die. */
  readonly mortal?: Mortal | undefined;
  /** What is run over a start's channel is a step too. */
  readonly channelSteps?: boolean;
}

/** The loop on a database in memory and the simulated engine, in simulated time; `restart` is a kill -9 of Guise: the engine and the database are all that is left. */
export class LoopWorld {
  readonly engine = new MemoryEngine();
  repository!: Repository;
  loop!: LifecycleLoop;
  admission!: Admission;
  driver!: Driver;
  activity!: Activity;
  idle!: IdleWatch;
  live!: LiveEvents;
  collector!: ImageCollector;
  builds!: Builds;
  checks!: VersionChecks;
  doomed!: DoomedHomes;
  readonly #database = new MemoryDatabase("test");
  /** Time passes while somebody waits, as much as it takes. */
  readonly clock = new ManualClock();
  readonly #time = new PassingTime(this.clock, () => this.#database.isBusy);
  /** The data sources that are registered. */
  readonly sources = new Map<string, VolumeSource>();
  /** Where workspaces are given roles. */
  readonly database = new SimulatedDatabase();
  keeper!: DataAccessKeeper;
  readonly #budget: number;
  readonly #ids: Ids = randomIds;
  #count = 0;
  #mortal: Mortal | undefined;

  private constructor(budget: number) {
    this.#budget = budget;
  }

  /** `imageBudget`: bytes. */
  static async open({ imageBudget = 10 * GIB, ...options }: WorldOptions & { imageBudget?: number } = {}): Promise<LoopWorld> {
    const world = new LoopWorld(imageBudget);
    await world.start(options);
    await world.publish([]);
    await world.repository.setBuild("tester", 1, { state: "usable" });
    return world;
  }

  async start({ mortal, channelSteps = false, ...options }: WorldOptions = {}): Promise<void> {
    this.#mortal = mortal;
    this.repository = await this.#database.open(this.clock);
    const weather = mortal?.weather(options.weather ?? fairWeather) ?? options.weather;
    const given = { ...options, ...(weather === undefined ? {} : { weather }) };
    this.driver = createMemoryDriver({ clock: this.clock, engine: this.engine, nodes: [NODE], ...given });
    const live = new LiveEvents(this.repository, this.clock);
    this.live = live;
    const known = new KnownImages(this.driver);
    this.collector = new ImageCollector({ repository: this.repository, driver: this.driver, known, log: silentLog, budget: this.#budget });
    const { repository: own, clock, database } = this;
    const dataAccess = simulatedAccess({ repository: own, clock, database, mortal });
    const context: LoopContext = {
      repository: mortal?.wrap("store", this.repository, STORE_STEPS) ?? this.repository,
      driver: mortal?.wrap("engine", channelSteps ? mortal.channelsOf(this.driver) : this.driver, ENGINE_STEPS) ?? this.driver,
      images: known,
      live,
      clock: this.clock,
      ids: this.#ids,
      log: silentLog,
      openedRanges: [],
      sources: this.sources,
      packageEpoch: "1",
      collectImages: () => this.collector.collectQuietly(),
      adoptChannel: (_row, channel) => channel.close(),
      // here and now: simulated time would not wait for a thread
      mergeFiles: async (jobs) => jobs.map(({ file, merging }) => mergedText(file, merging)),
      reopen: async () => {},
      dataAccess,
      dropChannels: () => {},
    };
    this.keeper = simulatedKeeper(context, dataAccess, live, mortal);
    this.builds = new Builds({
      ...{ repository: this.repository, driver: this.driver, clock: this.clock, log: silentLog, packageEpoch: "1" },
      built: () => {
        this.checks.wake();
        void this.collector.collectQuietly();
      },
      imageOf: ({ definition }) => ({ layers: (definition.layers as ConcretePersona["layers"] | undefined) ?? [] }),
    });
    this.admission = new Admission(context, { bypassLimit: 4 }, { reserve: { cpu: 0, ram: 0 }, overcommit: { cpu: 1 } });
    this.loop = new LifecycleLoop(context, this.admission, { parallelStarts: 8 });
    const { repository: store, driver } = context;
    this.doomed = new DoomedHomes({ repository: store, driver, admission: this.admission, clock: this.clock, log: silentLog });
    this.checks = new VersionChecks({
      ...{ repository: mortal?.wrap("checks", this.repository, CHECK_STEPS) ?? this.repository },
      ...{ clock: this.clock, ids: this.#ids, log: silentLog, wake: (id) => this.loop.wake(id) },
      waiting: (id) => this.admission.view.waiting(id),
      async perform(row, check, signal) {
        const channel = await driver.connect(row.handle as Parameters<Driver["connect"]>[0]);
        return performCheck(channel, check, context.clock, signal).finally(() => channel.close());
      },
    });
    const begun = this.#begin(context);
    await (mortal === undefined ? begun : Promise.race([begun, mortal.died]));
    this.activity = new Activity(this.clock);
    const { repository, activity } = this;
    const wake = (id: string) => this.loop.wake(id);
    this.idle = new IdleWatch({
      ...{ repository, activity, live, wake, clock: this.clock, log: silentLog, period: 20 },
      cpuOf: () => undefined,
      isBusy: async () => false,
    });
    this.idle.begin();
  }

  async #begin(context: LoopContext): Promise<void> {
    await recover(context, AbortSignal.timeout(10_000));
    await this.admission.rebuild();
    await this.loop.start();
    this.checks.begin();
    this.doomed.begin();
    this.keeper.begin();
  }

  /** The next version of "tester", to be built; its number. */
  async publish(layers: ConcretePersona["layers"], draft: { readonly isDraft?: true } = {}): Promise<number> {
    const names = { persona: "tester", name: "Tester", ownerGroup: "makers", publishedBy: "ann" };
    const { version } = await this.repository.publishVersion(
      { ...names, digest: JSON.stringify(layers), definition: { layers }, publishedAt: this.clock.now(), ...draft },
      { at: this.clock.now(), actor: "ann", action: "publish_persona", target: "tester", outcome: "done" },
    );
    return version.version;
  }

  /** The next version of "tester", built, and to be usable when these checks pass; its number. */
  async publishChecked(checks: readonly PersonaCheck[], demand: Amounts = SMALL): Promise<number> {
    const names = { persona: "tester", name: "Tester", ownerGroup: "makers", publishedBy: "ann" };
    const plan = { environment: "production", group: "makers", priority: "normal", demand, concrete: CONCRETE, checks };
    const { version } = await this.repository.publishVersion(
      { ...names, digest: JSON.stringify(checks), definition: { layers: [] }, publishedAt: this.clock.now(), checkPlan: plan },
      { at: this.clock.now(), actor: "ann", action: "publish_persona", target: "tester", outcome: "done" },
    );
    return version.version;
  }

  /** Guise dies without a word and comes back. */
  async restart(options: WorldOptions = {}): Promise<void> {
    await this.#end();
    await this.start(options);
  }

  /** Ctrl-C: everything that is ready is suspended; then the next Guise comes. A Guise that dies meanwhile leaves that to the next one. */
  async stopInOrder(): Promise<void> {
    const stopped = this.loop.suspendAll(() => {});
    await (this.#mortal === undefined ? stopped : Promise.race([stopped, this.#mortal.died]));
    if (this.#mortal?.dead === true) return;
    await this.idle.stop();
    await this.checks.stop();
    await this.keeper.stop();
    await this.doomed.stop();
    await this.builds.stop();
    await this.collector.close();
    await this.repository.close();
    await this.start({ mortal: this.#mortal });
  }

  async close(): Promise<void> {
    await this.#end();
    this.#database.end();
  }

  async #end(): Promise<void> {
    await this.idle.stop();
    await this.doomed.stop();
    await this.builds.stop();
    const checks = this.checks.stop();
    // Who died does not stop in order: it waits for answers for ever.
    if (this.#mortal?.dead !== true) {
      await this.keeper.stop();
      await checks;
      await this.loop.stop();
    }
    await this.collector.close();
    await this.repository.close();
  }

  async request(
    over: {
      demand?: Amounts;
      priority?: string;
      lifetime?: number;
      idleAfter?: number;
      name?: string;
      keepHome?: boolean;
      files?: readonly object[];
      dataSources?: ConcretePersona["dataSources"];
      layers?: ConcretePersona["layers"];
      version?: number;
      listen?: (event: WorkspaceEvent) => void;
      /** The loop is not woken for it. */
      untold?: boolean;
    } = {},
  ): Promise<string> {
    const name = over.name ?? `n${++this.#count}`;
    const now = this.clock.now();
    const id = this.#ids.next("w");
    const concrete = {
      ...CONCRETE,
      layers: over.layers ?? [],
      files: over.files ?? [],
      dataSources: over.dataSources ?? [],
      maximumLifetime: over.lifetime,
      idleAfter: over.idleAfter,
    };
    await this.repository.createWorkspace(
      {
        id,
        owner: "ann",
        group: "makers",
        persona: "tester",
        personaName: "Tester",
        version: over.version ?? 1,
        environment: "production",
        name,
        parameters: {},
        priority: over.priority ?? "normal",
        demand: over.demand ?? SMALL,
        concrete: encodeConcrete(concrete as unknown as ConcretePersona),
        requestedAt: now,
        home: this.#ids.next("h"),
        keepHome: over.keepHome ?? false,
      },
      { at: now, actor: "ann", action: "request_workspace", target: id, outcome: "done" },
    );
    if (over.listen !== undefined) this.live.subscribe(id, over.listen);
    if (over.untold !== true) this.loop.wake(id);
    return id;
  }

  async release(id: string): Promise<void> {
    await this.wish(id, "released", "given_back");
  }

  async resume(id: string): Promise<void> {
    const audit = { at: this.clock.now(), actor: "ann", action: "resume_workspace", target: id, outcome: "done" as const };
    await this.repository.setDesired(id, { desired: "ready", reason: "waiting_for_room", by: "ann" }, audit);
    this.loop.wake(id);
  }

  async wish(
    id: string,
    desired: DesiredState,
    reason: Reason,
    options: Pick<DesiredChange, "dropHome" | "keepHome" | "note"> = {},
  ): Promise<void> {
    const audit = { at: this.clock.now(), actor: "ann", action: "wish", target: id, outcome: "done" as const };
    await this.repository.setDesired(id, { desired, reason, by: "ann", ...options }, audit);
    this.loop.wake(id);
  }

  /** Waits until the workspace is in the state. */
  async until(id: string, state: WorkspaceState): Promise<WorkspaceRow> {
    let found: WorkspaceRow | undefined;
    await this.#time.until(async () => {
      const row = await this.repository.workspace(id);
      if (row?.state === state) found = row;
      return found !== undefined;
    });
    if (found === undefined) throw new Error(`there is no ${id}`);
    return found;
  }

  /** Waits until it holds. */
  holds(what: () => Promise<boolean> | boolean): Promise<void> {
    return this.#time.until(async () => what());
  }

  /** Waits until the expectation holds; rejects with the last way in which it did not. */
  async eventually(expectation: () => Promise<unknown>): Promise<void> {
    let last: unknown;
    const holds = () =>
      expectation().then(
        () => true,
        (error: unknown) => {
          last = error;
          return false;
        },
      );
    await this.#time.until(holds).catch((error: unknown) => {
      throw last ?? error;
    });
  }

  /** Waits for so many ms of simulated time. */
  pass(milliseconds: number): Promise<void> {
    return this.#time.pass(milliseconds);
  }

  /** Nothing runs, nothing is allocated, and the Resource Manager knows it. */
  async nothingIsLeft(): Promise<boolean> {
    const [node] = this.admission.view.account();
    const allocated = Object.values(node?.allocated ?? {}).reduce((sum, amount) => sum + amount, 0);
    return (
      this.engine.sandboxes.size === 0 &&
      this.engine.homes.size === 0 &&
      (await this.repository.allocations()).length === 0 &&
      allocated === 0
    );
  }
}
