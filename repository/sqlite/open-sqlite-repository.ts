import { join } from "node:path";
import type { WorkspaceEvent } from "@guise/contract";
import { type Clock, type Log, messageOf } from "#foundation";
import { boundRepository } from "../bound-repository.ts";
import { clearLeases } from "../operations/lease.ts";
import type { Repository } from "../repository.ts";
import type { EventsListener } from "../store.ts";
import { takeControlLock } from "./control-lock.ts";
import { inspectDatabaseFile } from "./database-file.ts";
import { DatabaseThread, databaseWorker } from "./database-thread.ts";
import { checkInstallation, installationFile, recordInstallation } from "./installation-file.ts";
import { ensurePrivateFile, ensurePrivateFolder, refuseWide } from "./private-files.ts";
import { sqliteStore } from "./sqlite-store.ts";

export interface SqliteOptions {
  /** Made with mode 0700 when missing; holds the database and nothing of anybody else. */
  readonly folder: string;
  /** The installation's id: a database of another one is refused. */
  readonly installation: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How many of a workspace's last revisions keep their events; 1000 when not said. */
  readonly revisionsKept?: number;
  /** Told after each commit how many writes it made durable. */
  readonly onCommit?: (writes: number) => void;
}

/**
 * Opens the embedded store, or makes it on first use. Rejects with RepositoryError: `database_locked` (another Guise runs on the folder;
 * names its pid), `database_damaged`, `database_foreign`, `database_newer`, `database_exposed`, `database_full`; none of them changes anything.
 */
export async function openSqliteRepository(options: SqliteOptions): Promise<Repository> {
  const { folder } = options;
  ensurePrivateFolder(folder);
  const lock = takeControlLock(folder);
  try {
    return await openLocked(options, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openLocked(options: SqliteOptions, release: () => void): Promise<Repository> {
  const { folder, installation, clock, log } = options;
  const thread = await startThread(options);
  const listeners = new Set<EventsListener>();
  const announce = (events: readonly WorkspaceEvent[]) => tell(listeners, events, log);
  const store = sqliteStore({ thread, clock, revisionsKept: options.revisionsKept ?? 1_000, announce });
  try {
    await clearLeases(store);
    recordInstallation(folder, installation);
  } catch (error) {
    await thread.close();
    throw error;
  }
  return boundRepository(store, {
    installation,
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    backup: (path) => thread.backup(path),
    close: () => thread.close().finally(release),
  });
}

async function startThread({ folder, installation, clock, log, onCommit }: SqliteOptions): Promise<DatabaseThread> {
  const path = join(folder, "guise.db");
  const { empty, unclean } = inspectDatabaseFile(path);
  checkInstallation(folder, installation, { path, empty });
  ensurePrivateFile(path);
  for (const beside of [`${path}-wal`, `${path}-shm`, installationFile(folder)]) refuseWide(beside, "600");
  const order = { path, installation, unclean, now: clock.now() };
  const { thread, warnings } = await DatabaseThread.start(databaseWorker(order), { folder, onCommit: onCommit ?? (() => undefined) });
  for (const warning of warnings) log.warn({ folder }, warning);
  return thread;
}

/** A listener that throws hurts neither the writer nor the other listeners. */
function tell(listeners: ReadonlySet<EventsListener>, events: readonly WorkspaceEvent[], log: Log): void {
  for (const listener of listeners) {
    try {
      listener(events);
    } catch (error) {
      log.error({ reason: messageOf(error) }, "a listener for events failed");
    }
  }
}
