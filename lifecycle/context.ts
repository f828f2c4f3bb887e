import type { Clock, Ids, Log } from "#foundation";
import type { Channel, Driver, VolumeSource } from "#provisioning";
import type { Repository, WorkspaceRow } from "#repository";
import type { DataAccess } from "./data-access/data-access.ts";
import type { MergeFiles } from "./home-files/merging.ts";
import type { KnownImages } from "./known-images.ts";
import type { LiveEvents } from "./live-events.ts";

/** What the steps of the loop work with. */
export interface LoopContext {
  readonly repository: Repository;
  readonly driver: Driver;
  readonly images: KnownImages;
  readonly live: LiveEvents;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Private ranges that operators opened. */
  readonly openedRanges: readonly string[];
  readonly sources: ReadonlyMap<string, VolumeSource>;
  /** The installation's own; a version that was refreshed adds its own time to it. */
  readonly packageEpoch: string;
  /** Holds images to their budget; rejects never. */
  readonly collectImages: () => Promise<void>;
  /** Access to databases: given to a start, taken at its end. */
  readonly dataAccess: Pick<DataAccess, "give" | "take">;
  /** The first channel of a new sandbox, for whoever keeps channels. */
  readonly adoptChannel: (row: WorkspaceRow, channel: Channel) => void;
  /** Merges a persona's keys into texts of its person, apart from this thread. */
  readonly mergeFiles: MergeFiles;
  /** Opens again what was open when the workspace was suspended; what does not open is told to the log. */
  readonly reopen: (row: WorkspaceRow) => Promise<void>;
  /** Channels of the workspace are no longer good. */
  readonly dropChannels: (workspace: string) => void;
}
