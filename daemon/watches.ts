import type { Lease, SharedChannels } from "#connections";
import { BusyApplications, EntryWatch, HomeWatch, IdleWatch, LimitWatch, type LiveEvents, UsageSampler } from "#lifecycle";
import type { Channel } from "#provisioning";
import { openUsageStore, type WorkspaceRow } from "#repository";
import type { Activity } from "#usage";
import type { Ground } from "./ground.ts";

export interface Watches {
  readonly limits: LimitWatch;
  readonly usage: UsageSampler;
  readonly idle: IdleWatch;
  readonly homes: HomeWatch;
  readonly entries: EntryWatch;
  /** When the loop has taken over. */
  begin(): void;
}

export interface WatchedParts {
  readonly live: LiveEvents;
  readonly activity: Activity;
  readonly channels: SharedChannels;
  readonly channelOf: (row: WorkspaceRow) => Promise<Lease>;
  /** It is about to be suspended, for nobody uses it. */
  readonly warned: (row: WorkspaceRow, message: string) => void;
  /** A workspace is to be looked at by the loop. */
  readonly wake: (workspace: string) => void;
}

/** What looks at ready workspaces at intervals: what they use, whether anybody uses them, how full they are, which limits they hit. */
export async function openWatches(ground: Ground, { live, activity, channels, channelOf, warned, wake }: WatchedParts): Promise<Watches> {
  const { repository, driver, clock, log, folders, scope } = ground;
  const store = await openUsageStore({ folder: folders.database, log });
  scope.onEnd("usage store", () => store.close());
  const limits = new LimitWatch({ repository, driver, live, clock, log });
  scope.onEnd("limit watch", () => limits.stop());
  const usage = new UsageSampler({ repository, driver, store, limits, live, clock, log });
  const busy = new BusyApplications({ repository, channelOf, clock, log });
  const idle = new IdleWatch({
    ...{ repository, activity, live, clock, log, warned, wake },
    cpuOf: (row) => usage.cpuOf(row),
    isBusy: (row) => busy.anyOf(row),
  });
  const homes = new HomeWatch({ repository, driver, live, clock, log, filled: (row, room) => limits.homeFilled(row, room) });
  const renewChannel = ({ id: workspace, generation }: WorkspaceRow, channel: Channel) =>
    channels.renew({ workspace, generation }, channel);
  const entries = new EntryWatch({ repository, driver, live, clock, log, channelOf, renewChannel });
  const begin = () => {
    for (const [name, watch] of Object.entries({ "entry watch": entries, "home watch": homes, "idle watch": idle, usage })) {
      watch.begin();
      scope.onEnd(name, () => watch.stop());
    }
  };
  return { limits, usage, idle, homes, entries, begin };
}
