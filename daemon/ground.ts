import { join } from "node:path";
import { openSealing, type Sealing } from "#access";
import { type Catalog, loadCatalog } from "#applications";
import type { Clock, Ids, Log, Scope } from "#foundation";
import type { Driver } from "#provisioning";
import { openSqliteRepository, type Repository } from "#repository";
import { auditUsagePerPerson } from "./audit-usage-per-person.ts";
import { type Configuration, rangesIn } from "./configuration.ts";
import type { DaemonParts } from "./daemon-parts.ts";
import { KnownSources } from "./data-sources.ts";
import { type Folders, installationOf } from "./folders.ts";
import { holdLease } from "./hold-lease.ts";
import { type OpenedDriver, openDriver } from "./open-driver.ts";
import { packageLogins } from "./package-logins.ts";

/** What everything else stands on: what was read, the store, the engine. */
export interface Ground {
  readonly configuration: Configuration;
  readonly folders: Folders;
  readonly root: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** What is opened here is ended by it, last first. */
  readonly scope: Scope;
  readonly installation: string;
  readonly repository: Repository;
  /** Keeps what opens package sources and data sources out of sight. */
  readonly sealing: Sealing;
  readonly catalog: Catalog;
  readonly sources: KnownSources;
  /** Ranges, otherwise closed, that operators opened. */
  readonly openedRanges: readonly string[];
  readonly opened: OpenedDriver;
  readonly driver: Driver;
}

export async function openGround(parts: DaemonParts, scope: Scope): Promise<Ground> {
  const { configuration, folders, root, clock, ids, log } = parts;
  const installation = await installationOf(folders);
  const store = await openSqliteRepository({ folder: folders.database, installation, clock, log });
  scope.onEnd("repository", () => store.close());
  const repository = parts.wrapRepository?.(store) ?? store;
  await holdLease(repository, ids, clock, log, scope);
  await auditUsagePerPerson(repository, configuration, clock);
  const catalog = await loadCatalog(join(root, "catalog"));
  const sources = new KnownSources(root);
  await sources.refresh(repository);
  const sealing = await openSealing(folders.keys);
  const opened = await openDriver({
    ...parts,
    ...{ installation, volumes: sources.folders, scope },
    loginsOf: packageLogins(repository, sealing),
  });
  const driver = parts.wrapDriver?.(opened.driver) ?? opened.driver;
  const openedRanges = rangesIn(configuration.open_ranges);
  return {
    ...{ configuration, folders, root, clock, ids, log, scope, installation },
    repository,
    sealing,
    catalog,
    sources,
    openedRanges,
    opened,
    driver,
  };
}
