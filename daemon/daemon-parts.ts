import type { Clock, Ids, Log } from "#foundation";
import type { Driver } from "#provisioning";
import type { Repository } from "#repository";
import type { Configuration } from "./configuration.ts";
import type { Folders } from "./folders.ts";

/** What a Guise is started with. */
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
