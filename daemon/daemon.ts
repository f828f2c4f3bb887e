import { join } from "node:path";
import { DEFAULT_ENVIRONMENT, type PersonaDefinition, parseBytes } from "@guise/contract";
import { createVerifier, openLocalIssuer, TOKEN_PURPOSES } from "#access";
import { loadCatalog } from "#applications";
import { createBroker, createPersonaLanguage, createWorkspaceStreams, streamNotice } from "#broker";
import { ChannelPool } from "#connections";
import { type Clock, type Ids, type Log, Scope } from "#foundation";
import {
  Admission,
  ApplicationLauncher,
  Builds,
  BusyApplications,
  DoomedHomes,
  EntryWatch,
  Forecaster,
  HomeWatch,
  IdleWatch,
  ImageCollector,
  KnownImages,
  LifecycleLoop,
  LimitWatch,
  LiveEvents,
  type LoopContext,
  recover,
  UsageSampler,
} from "#lifecycle";
import { defaultEnvironment, type Installation, outlineOf } from "#persona";
import { type Driver, quietBuild, type VolumeSource } from "#provisioning";
import { openSqliteRepository, openUsageStore, type Repository, type VersionRow, type WorkspaceRow } from "#repository";
import { DEFAULT_OVERCOMMIT, DEFAULT_RESERVE } from "#resource-manager";
import { Activity } from "#usage";
import { type Configuration, originOf } from "./configuration.ts";
import { EngineReadings } from "./engine-readings.ts";
import { type Folders, installationOf } from "./folders.ts";
import { holdEngine } from "./hold-engine.ts";
import { holdLease } from "./hold-lease.ts";
import { type OpenedDriver, openDriver } from "./open-driver.ts";
import { connectionLimits, raiseOpenFiles } from "./open-files.ts";
import { outerIssuers } from "./outer-issuers.ts";
import { portalFolder } from "./portal-folder.ts";
import { VERSION } from "./version.ts";

/** The shipped data source that makes every sample useful. */
const SAMPLE_SALES = { name: "sample-sales", mount: "/data/sample-sales" };

export interface DaemonParts {
  readonly configuration: Configuration;
  readonly folders: Folders;
  /** The checkout: catalog and shipped data lie in it. */
  readonly root: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly report: (message: string, percent?: number) => void;
  /** Wrap the driver and the repository, for tests of faults. */
  readonly wrapDriver?: (driver: Driver) => Driver;
  readonly wrapRepository?: (repository: Repository) => Repository;
}

export interface Daemon {
  readonly repository: Repository;
  readonly installation: string;
  /** `http://127.0.0.1:7080`. */
  readonly address: string;
  /** `http://guise.localhost:7080`: where people open the portal. */
  readonly origin: string;
  readonly issuer: Awaited<ReturnType<typeof openLocalIssuer>>;
  /** Resolves when the base images are there and building may go on. */
  readonly prepared: Promise<void>;
  /** Suspends every workspace that is ready, each with its grace; they go on with the next start. Tells how many are left. `stop` comes after it. */
  suspendAll(left: (count: number) => void): Promise<void>;
  /** Stops moving workspaces and answering; what runs goes on running. */
  stop(): Promise<void>;
}

/** Wires the parts and starts them: repository, driver, loop, broker. Rejects with coded errors that say what to do; then nothing of it runs. */
export async function startDaemon(parts: DaemonParts): Promise<Daemon> {
  const scope = new Scope();
  try {
    return await compose(parts, scope);
  } catch (error) {
    await scope.end();
    throw error;
  }
}

async function compose(parts: DaemonParts, scope: Scope): Promise<Daemon> {
  const { configuration, folders, clock, ids, log } = parts;
  const installation = await installationOf(folders);
  const store = await openSqliteRepository({ folder: folders.database, installation, clock, log });
  scope.onEnd("repository", () => store.close());
  const repository = parts.wrapRepository?.(store) ?? store;
  await holdLease(repository, ids, clock, log, scope);
  const catalog = await loadCatalog(join(parts.root, "catalog"));
  const openedRanges = configuration.open_ranges
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "");
  const facts: Installation = {
    dataSources: [{ name: SAMPLE_SALES.name, kind: "volume", mount: SAMPLE_SALES.mount }],
    openedRanges,
    defaultEnvironment: configuration.environment,
  };
  const volumes = { [SAMPLE_SALES.name]: join(parts.root, "data", "sample-sales") };
  const opened = await openDriver({ ...parts, installation, volumes, scope });
  const driver = parts.wrapDriver?.(opened.driver) ?? opened.driver;

  const live = new LiveEvents(repository, clock);
  scope.onEnd("live events", () => live.close());
  const pool = new ChannelPool({ clock, log, connect: (target) => connect(repository, driver, target) });
  scope.onEnd("channels", () => pool.close());
  const sources = new Map<string, VolumeSource>([
    [SAMPLE_SALES.name, { source: SAMPLE_SALES.name, volume: SAMPLE_SALES.name, target: SAMPLE_SALES.mount, access: "read" }],
  ]);
  const known = new KnownImages(driver);
  const collector = new ImageCollector({ repository, driver, known, log, budget: parseBytes(configuration.image_budget) });
  scope.onEnd("image collection", () => collector.close());
  const context: LoopContext = {
    repository,
    driver,
    images: known,
    live,
    clock,
    ids,
    log,
    openedRanges,
    sources,
    packageEpoch: configuration.package_epoch,
    collectImages: () => collector.collectQuietly(),
    reopen: (row) => launcher.reopen(row),
    adoptChannel: (row, channel) => pool.adopt({ workspace: row.id, generation: row.generation }, channel),
    dropChannels: (workspace) => pool.invalidate(workspace),
  };
  const policy = { reserve: DEFAULT_RESERVE, overcommit: { ...DEFAULT_OVERCOMMIT, cpu: configuration.cpu_overcommit } };
  const admission = new Admission(context, { bypassLimit: configuration.bypass_limit }, policy);
  const loop = new LifecycleLoop(context, admission, { parallelStarts: 8 });
  const doomed = new DoomedHomes({ repository, driver, admission, clock, log });
  const forecaster = new Forecaster({ repository, live, clock, log, account: admission.view });
  admission.onDecided = () => forecaster.wake();
  const activity = new Activity(clock);
  const usageStore = await openUsageStore({ folder: folders.database, log });
  scope.onEnd("usage store", () => usageStore.close());
  const limits = new LimitWatch({ repository, driver, live, clock, log });
  scope.onEnd("limit watch", () => limits.stop());
  const usage = new UsageSampler({ repository, driver, store: usageStore, limits, live, clock, log });
  const channelOf = (row: WorkspaceRow) => pool.lease({ workspace: row.id, generation: row.generation }, "light");
  const busy = new BusyApplications({ repository, channelOf, clock, log });
  const idle = new IdleWatch({
    ...{ repository, activity, live, clock, log },
    cpuOf: (row) => usage.cpuOf(row),
    isBusy: (row) => busy.anyOf(row),
    wake: (id) => loop.wake(id),
  });
  const homes = new HomeWatch({ repository, driver, live, clock, log, filled: (row, room) => limits.homeFilled(row, room) });
  const entries = new EntryWatch({
    ...{ repository, driver, live, clock, log },
    channelOf: ({ id: workspace, generation }) => pool.lease({ workspace, generation }, "light"),
    renewChannel: ({ id: workspace, generation }, channel) => pool.renew({ workspace, generation }, channel),
  });
  const builds = new Builds({
    ...{ repository, driver, clock, log },
    packageEpoch: configuration.package_epoch,
    built: () => void collector.collectQuietly(),
    layersOf: layersIn(catalog),
  });
  const launcher = new ApplicationLauncher({
    repository,
    clock,
    ids,
    log,
    noteActivity: (workspace) => activity.note(workspace, "launch"),
    channelOf,
  });
  const readings = new EngineReadings({ driver, account: admission.view, log });
  const issuer = await openLocalIssuer({ folder: folders.keys, issuer: `https://guise.localhost/${installation}`, clock });
  const verifier = createVerifier({
    issuers: [
      {
        issuer: issuer.issuer,
        audience: TOKEN_PURPOSES.access.audience,
        jwks: issuer.jwks("access"),
        algorithms: ["EdDSA"],
        identity: { from: "accounts", accounts: repository },
      },
      ...outerIssuers(configuration),
    ],
    clock,
  });
  let ready = false;
  const { host, port } = configuration;
  const portalOrigin = originOf(configuration);
  const broker = await createBroker({
    repository,
    verifier,
    issuer,
    clock,
    ids,
    log,
    language: createPersonaLanguage({ catalog, installation: facts }),
    admission: admission.view,
    engineStatus: () => readings.status(),
    wake: (changed) => {
      // What is being taken over is nobody else's to move; when it is, everything is looked at.
      if (!ready) return;
      if (changed.kind === "workspace") loop.wake(changed.workspace);
      else if (changed.kind === "home") doomed.wake();
      else builds.wake();
    },
    launcher,
    storedHomes: () => driver.homes(),
    exportStoredHome: (home) => driver.exportHome(home),
    images: collector,
    removeStoredHome: (home) => driver.removeHome(home),
    streams: createWorkspaceStreams({
      ...{ pool, clock, activity, noticesOf: noticesOf(live) },
      killedSince: (row, since) => limits.killedSince(row, since),
    }),
    estimateOf: (row) => forecaster.estimateOf(row),
    shutOf: (workspace) => entries.shutOf(workspace),
    fullnessOf: (workspace) => homes.fullnessOf(workspace),
    limitsHitBy: (workspace) => limits.notesOf(workspace),
    idlenessOf: (row) => idle.idlenessOf(row),
    keep: (workspace) => activity.note(workspace, "kept"),
    liveEvents: live,
    usage,
    ready: () => ready,
    hosts: [...new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, new URL(portalOrigin).host])],
    portal: { origin: portalOrigin, folder: portalFolder(parts.root) },
    version: VERSION,
    allowances: { held: configuration.held_per_person, waiting: configuration.waiting_per_person },
    limits: connectionLimits(raiseOpenFiles()),
  });
  scope.onEnd("broker", () => broker.close());
  await broker.listen({ host, port });
  const stopping = new AbortController();
  await recover(context, stopping.signal);
  await admission.rebuild();
  await loop.start();
  usage.begin();
  idle.begin();
  homes.begin();
  entries.begin();
  scope.onEnd("entry watch", () => entries.stop());
  scope.onEnd("home watch", () => homes.stop());
  scope.onEnd("idle watch", () => idle.stop());
  scope.onEnd("usage", () => usage.stop());
  scope.onEnd("forecaster", () => forecaster.stop());
  scope.onEnd("loop", () => loop.stop());
  scope.onEnd("builds", () => builds.stop());
  scope.onEnd("readiness", () => {
    ready = false;
    stopping.abort(new Error("Guise is stopping"));
  });
  scope.onEnd("launches", () => launcher.close());
  ready = true;
  // What was asked while the loop began to look.
  loop.lookRound();
  doomed.begin();
  scope.onEnd("homes to delete", () => doomed.stop());
  for (const row of await repository.workspaces({ states: ["ready"] })) {
    launcher.takeOver(row).catch((error: unknown) => log.warn({ err: error, workspace: row.id }, "launches could not be looked up"));
  }
  const suspendAll = (left: (count: number) => void) => {
    ready = false;
    return loop.suspendAll(left);
  };
  const prepared = prepare(opened, parts).then(() => builds.wake());
  holdEngine(opened, clock, log, scope);
  return {
    repository,
    installation,
    address: `http://${host}:${port}`,
    origin: portalOrigin,
    issuer,
    prepared,
    suspendAll,
    stop: () => endAll(scope, log),
  };
}

async function connect(repository: Repository, driver: Driver, target: { readonly workspace: string; readonly generation: number }) {
  const row = await repository.workspace(target.workspace);
  return driver.connect(row?.handle as Parameters<Driver["connect"]>[0]);
}

/** What happens to a workspace, as who is attached to it is told. */
function noticesOf(live: LiveEvents) {
  return (workspace: string, tell: (message: string) => void) =>
    live.subscribe(workspace, (event) => {
      const notice = streamNotice(event);
      if (notice !== undefined) tell(notice);
    });
}

/** The layers of a version, before any parameters exist: the image is the same for all of them. */
function layersIn(catalog: Awaited<ReturnType<typeof loadCatalog>>) {
  return (version: VersionRow) => {
    const definition = version.definition as unknown as PersonaDefinition;
    return outlineOf(definition, defaultEnvironment(definition, DEFAULT_ENVIRONMENT), { catalog });
  };
}

function prepare(opened: OpenedDriver, { report, log }: DaemonParts): Promise<void> {
  return opened.prepare({
    ...quietBuild,
    progress: (message, percent) => report(message, percent),
    log: (line) => log.info({ line }, "base image"),
  });
}

async function endAll(scope: Scope, log: Log): Promise<void> {
  for (const error of await scope.end()) log.error({ err: error }, "a part did not end well");
}
