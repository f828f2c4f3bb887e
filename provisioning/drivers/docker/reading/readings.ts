import { statfsSync, statSync } from "node:fs";
import type { UsagePower } from "#provisioning";
import type { Mount } from "../storage/mount-table.ts";
import { type ControlGroups, groupsOf, groupsRam, readGroup } from "./control-group.ts";
import { mountPoint, mountsOfProcess } from "./home-mounts.ts";
import { KernelLog } from "./kernel-log.ts";
import { readLimitCounts } from "./limit-counters.ts";
import { readNetwork } from "./network-counters.ts";
import { SandboxProcesses } from "./sandbox-processes.ts";

type Sample = Awaited<ReturnType<UsagePower["sample"]>>;
type Limits = Awaited<ReturnType<UsagePower["limits"]>>;
type Room = NonNullable<Awaited<ReturnType<UsagePower["homeRoom"]>>>;

/** The container to look at: its id, the number of its first process, and the image of its home. */
export interface LookedAt {
  readonly container: string;
  readonly pid: number;
  readonly homeImage: string;
}

interface Known {
  readonly groups: ControlGroups;
  readonly processes: SandboxProcesses;
}

const known = new Map<string, Known>();
const log = new KernelLog();
/** Of one sandbox so many kills are told. */
const MOST_KILLED = 100;
/** Of as many sandboxes the processes are remembered; the one that was looked at longest ago is then looked at anew. */
const MOST_KNOWN = 2_000;

/**
 * What is read of sandboxes. All of it asks the kernel about something that a stranger's programs hold: it may wait, and it waits in a process
 * of its own (`SandboxReader`). Each throws when what it asks about has gone.
 */
export const READINGS = {
  /** Counters since the start, and the processes. */
  sample({ container, pid, homeImage }: LookedAt): Sample {
    try {
      const { groups, processes } = knownOf(container, pid);
      // A control group ends with its container: while it is still there afterwards, the number was still that of its first process.
      const network = readNetwork(pid);
      const counters = readGroup(groups);
      return {
        ...counters,
        storage: bytesTaken(homeImage),
        ...network,
        limits: readLimitCounts(groups),
        processes: processes.look(groups, counters),
      };
    } catch (error) {
      known.delete(container);
      throw error;
    }
  },

  /** What was counted of its limits, and whom the kernel ended: its log is read only when it ended somebody. */
  limits({ container, pid }: Pick<LookedAt, "container" | "pid">): Limits {
    const counts = readLimitCounts(knownOf(container, pid).groups);
    const killed = counts.kills === 0 ? [] : log.killed((group) => group.includes(container), Date.now());
    return { ...counts, killed: killed.slice(-MOST_KILLED) };
  },

  /** Of the home as the engine mounted it on the host: nothing in it is opened. Null while it is not mounted. */
  homeRoom(homeImage: string): Room | null {
    const target = mountPoint(homeImage);
    if (target === undefined) return null;
    // what ext4 keeps back for itself is nobody's to write into
    const { blocks, bavail, bsize, files, ffree } = statfsSync(target);
    return { bytes: { used: (blocks - bavail) * bsize, of: blocks * bsize }, files: { used: files - ffree, of: files } };
  },

  /** What a process sees mounted; nothing where it has ended. */
  mounts(pid: number): readonly Mount[] {
    return mountsOfProcess(pid);
  },

  /** Bytes that whole groups hold. */
  ram(groups: readonly string[]): number {
    return groupsRam(groups);
  },
} as const;

export type Readings = typeof READINGS;

function knownOf(container: string, pid: number): Known {
  const found = known.get(container) ?? { groups: groupsOf(pid, container), processes: new SandboxProcesses() };
  known.delete(container);
  known.set(container, found);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  return found;
}

function bytesTaken(image: string): number {
  return (statSync(image, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}
