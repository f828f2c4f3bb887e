import { type BrokerDeps, createBroker, createPersonaLanguage, createWorkspaceStreams, streamNotice } from "#broker";
import type { LiveEvents } from "#lifecycle";
import { basesOf } from "./bases-of.ts";
import { applicationsOf, leastPeopleOf, originOf } from "./configuration.ts";
import { dataSourceKeeper } from "./data-source-keeper.ts";
import { EngineReadings } from "./engine-readings.ts";
import type { Ground } from "./ground.ts";
import type { Identity } from "./identity.ts";
import { connectionLimits, raiseOpenFiles } from "./open-files.ts";
import { packageQuestions } from "./package-questions.ts";
import { packageSearch } from "./package-search.ts";
import { portalFolder } from "./portal-folder.ts";
import type { Readiness } from "./readiness.ts";
import { unenforcedBy } from "./unenforced.ts";
import { VERSION } from "./version.ts";
import type { Workings } from "./workings.ts";

/** The broker, listening; until Guise has taken over it says that it is starting. */
export async function openFront(ground: Ground, workings: Workings, identity: Identity, readiness: Readiness): Promise<void> {
  const { configuration, repository, driver, catalog, clock, ids, log, scope } = ground;
  const { live, channels, activity, admission, forecaster, launcher, collector, watches } = workings;
  const { limits, homes, idle, entries, usage } = watches;
  const readings = new EngineReadings({ driver, account: admission.view, log });
  const { host, port } = configuration;
  const origin = originOf(configuration);
  const installation = {
    get dataSources() {
      return ground.sources.known;
    },
    openedRanges: ground.openedRanges,
    unenforced: await unenforcedBy(ground.driver, ground.log),
    bases: await basesOf(ground.driver, ground.log),
    defaultEnvironment: configuration.environment,
  };
  const broker = await createBroker({
    ...{ repository, clock, ids, log, launcher, usage, ...identity },
    language: createPersonaLanguage({ catalog, installation }),
    admission: admission.view,
    engineStatus: () => readings.status(),
    wake: wakeOf(workings, readiness),
    storedHomes: () => driver.homes(),
    exportStoredHome: (home) => driver.exportHome(home),
    images: collector,
    sealing: ground.sealing,
    dataSources: dataSourceKeeper(ground, workings),
    examinePackages: packageQuestions({ driver, clock, log, packageEpoch: configuration.package_epoch }),
    searchPackages: packageSearch({ driver, clock, log, packageEpoch: configuration.package_epoch }),
    removeStoredHome: (home) => driver.removeHome(home),
    streams: createWorkspaceStreams({
      ...{ channels, clock, activity, noticesOf: noticesOf(live) },
      killedSince: (row, since) => limits.killedSince(row, since),
    }),
    usageDays: usage.days,
    leastPeople: leastPeopleOf(configuration),
    estimateOf: (row) => forecaster.estimateOf(row),
    shutOf: (workspace) => entries.shutOf(workspace),
    fullnessOf: (workspace) => homes.fullnessOf(workspace),
    limitsHitBy: (workspace) => limits.notesOf(workspace),
    idlenessOf: (row) => idle.idlenessOf(row),
    keep: (workspace) => activity.note(workspace, "kept"),
    liveEvents: live,
    ready: () => readiness.ready,
    hosts: [...new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, new URL(origin).host])],
    applications: applicationsOf(configuration),
    portal: { origin, folder: portalFolder(ground.root) },
    version: VERSION,
    allowances: { held: configuration.held_per_person, waiting: configuration.waiting_per_person },
    limits: connectionLimits(raiseOpenFiles()),
  });
  scope.onEnd("broker", () => broker.close());
  await broker.listen({ host, port });
}

/** What is being taken over is nobody else's to move; when it is, everything is looked at. */
function wakeOf({ loop, doomed, builds, checks }: Workings, readiness: Readiness): BrokerDeps["wake"] {
  return (changed) => {
    if (!readiness.ready) return;
    if (changed.kind === "workspace") loop.wake(changed.workspace);
    else if (changed.kind === "home") doomed.wake();
    else {
      builds.wake();
      checks.wake();
    }
  };
}

/** What happens to a workspace, as who is attached to it is told. */
function noticesOf(live: LiveEvents) {
  return (workspace: string, tell: (message: string) => void) =>
    live.subscribe(workspace, (event) => {
      const notice = streamNotice(event);
      if (notice !== undefined) tell(notice);
    });
}
