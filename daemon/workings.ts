import { lookup } from "node:dns/promises";
import { DEFAULT_ENVIRONMENT, type PersonaDefinition, parseBytes } from "@guise/contract";
import { createPostgresAccess } from "#access";
import type { Catalog } from "#applications";
import { SharedChannels } from "#connections";
import {
  Admission,
  ApplicationLauncher,
  Builds,
  DataAccess,
  DataAccessKeeper,
  DoomedHomes,
  Forecaster,
  ImageCollector,
  KnownImages,
  LifecycleLoop,
  LiveEvents,
  type LoopContext,
  mergeApart,
  performCheck,
  VersionChecks,
} from "#lifecycle";
import type { Notices } from "#notices";
import { defaultEnvironment, outlineOf, unlaunchableIn } from "#persona";
import type { BuiltImage, Driver } from "#provisioning";
import type { Repository, VersionRow, WorkspaceRow } from "#repository";
import { DEFAULT_OVERCOMMIT, DEFAULT_RESERVE } from "#resource-manager";
import { Activity } from "#usage";
import { groupsKnown } from "./data-sources.ts";
import type { Ground } from "./ground.ts";
import { localIssuerOf } from "./identity.ts";
import { openNotices } from "./notices.ts";
import { openWatches, type Watches } from "./watches.ts";

/** What moves workspaces, builds images, and looks after both. */
export interface Workings {
  readonly live: LiveEvents;
  readonly channels: SharedChannels;
  readonly activity: Activity;
  readonly collector: ImageCollector;
  readonly context: LoopContext;
  readonly admission: Admission;
  readonly loop: LifecycleLoop;
  readonly doomed: DoomedHomes;
  readonly forecaster: Forecaster;
  readonly builds: Builds;
  readonly checks: VersionChecks;
  readonly launcher: ApplicationLauncher;
  readonly dataAccess: DataAccess;
  readonly accessKeeper: DataAccessKeeper;
  readonly watches: Watches;
  /** Undefined: nobody is told anything outside the page. */
  readonly notices: Notices | undefined;
}

/** Wired, and still: `takeOver` sets them going. */
export async function openWorkings(ground: Ground): Promise<Workings> {
  const { configuration, repository, driver, catalog, clock, ids, log, scope } = ground;
  const live = new LiveEvents(repository, clock);
  scope.onEnd("live events", () => live.close());
  const channels = new SharedChannels({ clock, log, connect: (target) => connect(repository, driver, target) });
  scope.onEnd("channels", () => channels.close());
  const channelOf = (row: WorkspaceRow) => channels.lease({ workspace: row.id, generation: row.generation }, "light");
  const known = new KnownImages(driver);
  const collector = new ImageCollector({ repository, driver, known, log, budget: parseBytes(configuration.image_budget) });
  scope.onEnd("image collection", () => collector.close());
  const activity = new Activity(clock);
  const noteActivity = (workspace: string) => activity.note(workspace, "launch");
  const launcher = new ApplicationLauncher({ repository, clock, ids, log, noteActivity, channelOf });
  const dataAccess = new DataAccess({
    ...{ repository, clock, ids, log, sealing: ground.sealing, postgres: createPostgresAccess() },
    // No workspace has a way out by IPv6 where its engine gives it none.
    resolve: async (host) => (await lookup(host, { order: "ipv4first" })).address,
    groupsOf: groupsKnown(repository, localIssuerOf(ground.installation)),
  });
  const context: LoopContext = {
    ...{ repository, driver, live, clock, ids, log, openedRanges: ground.openedRanges },
    images: known,
    dataAccess,
    sources: ground.sources.volumes,
    packageEpoch: configuration.package_epoch,
    collectImages: () => collector.collectQuietly(),
    mergeFiles: mergeApart(clock),
    reopen: (row) => launcher.reopen(row),
    adoptChannel: (row, channel) => channels.adopt({ workspace: row.id, generation: row.generation }, channel),
    dropChannels: (workspace) => channels.invalidate(workspace),
  };
  const policy = { reserve: DEFAULT_RESERVE, overcommit: { ...DEFAULT_OVERCOMMIT, cpu: configuration.cpu_overcommit } };
  const admission = new Admission(context, { bypassLimit: configuration.bypass_limit }, policy);
  const loop = new LifecycleLoop(context, admission, { parallelStarts: 8 });
  const doomed = new DoomedHomes({ repository, driver, admission, clock, log });
  const forecaster = new Forecaster({ repository, live, clock, log, account: admission.view });
  admission.onDecided = () => forecaster.wake();
  const checks = new VersionChecks({
    ...{ repository, clock, ids, log },
    wake: (id) => loop.wake(id),
    waiting: (id) => admission.view.waiting(id),
    async perform(row, check, signal) {
      const { channel, release } = await channelOf(row);
      return performCheck(channel, check, clock, signal).finally(release);
    },
  });
  const notices = await openNotices(ground);
  const warned = (row: WorkspaceRow, message: string) => notices?.idle(row, message);
  const watches = await openWatches(ground, { live, activity, channels, channelOf, warned, wake: (id) => loop.wake(id) });
  const accessKeeper = new DataAccessKeeper({
    ...{ repository, driver, live, clock, log, access: dataAccess, openedRanges: ground.openedRanges },
  });
  const builds = new Builds({
    ...{ repository, driver, clock, log, packageEpoch: configuration.package_epoch },
    built: () => {
      checks.wake();
      void collector.collectQuietly();
    },
    imageOf: imageIn(catalog),
    unfitWith: unfitIn(catalog),
  });
  return {
    ...{ live, channels, activity, collector, context, admission, loop, doomed, forecaster, builds, checks, launcher, watches, notices },
    ...{ dataAccess, accessKeeper },
  };
}

async function connect(repository: Repository, driver: Driver, target: { readonly workspace: string; readonly generation: number }) {
  const row = await repository.workspace(target.workspace);
  return driver.connect(row?.handle as Parameters<Driver["connect"]>[0]);
}

/** What the image of a version is made of, before any parameters exist: it is the same for all of them. */
function imageIn(catalog: Catalog) {
  return (version: VersionRow) => {
    const definition = version.definition as unknown as PersonaDefinition;
    return outlineOf(definition, defaultEnvironment(definition, DEFAULT_ENVIRONMENT), { catalog });
  };
}

/** What `launch` names must be there, or a workspace would begin with an application that it has not. */
function unfitIn(catalog: Catalog) {
  return (version: VersionRow, { launchables }: BuiltImage) => {
    const problems = unlaunchableIn(version.definition as unknown as PersonaDefinition, { catalog }, launchables);
    return problems.length === 0 ? undefined : problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
  };
}
