import type { SandboxProcess } from "#provisioning";
import { type ControlGroups, type GroupCounters, processesFolder } from "./control-group.ts";
import { readKernelFile } from "./kernel-file.ts";
import { SessionLaunches } from "./session-launches.ts";

/** Ms of one tick of the kernel's accounts (USER_HZ is 100 everywhere that Node runs). */
const TICK = 10;
const PAGE = 4096;
/** A sandbox cannot make looking at it expensive: processes beyond so many are not told apart. */
const MOST_PROCESSES = 500;

/** A sandbox whose own counters hardly moved since its processes were looked at: ms of cpu time, bytes of memory. */
const QUIET = { cpu: 20, ram: 2 ** 20 };
/** But they are looked at every so many looks. */
const MOST_QUIET_LOOKS = 5;

interface Look {
  readonly counters: GroupCounters;
  readonly processes: readonly SandboxProcess[];
  readonly quietLooks: number;
}

/** The processes of a sandbox, from the kernel's own accounts. */
export class SandboxProcesses {
  readonly #launches = new SessionLaunches((number) => readKernelFile(`/proc/${number}/environ`) ?? "");
  #last: Look | undefined;

  /** Where the counters say that hardly anything happened, what was seen last still stands: most workspaces are quiet most of the time. */
  look(groups: ControlGroups, counters: GroupCounters): readonly SandboxProcess[] {
    const last = this.#last;
    const isQuiet =
      last !== undefined &&
      last.quietLooks < MOST_QUIET_LOOKS &&
      counters.cpu - last.counters.cpu < QUIET.cpu &&
      Math.abs(counters.ram - last.counters.ram) < QUIET.ram;
    this.#last = isQuiet ? { ...last, quietLooks: last.quietLooks + 1 } : { counters, processes: this.#read(groups), quietLooks: 0 };
    return this.#last.processes;
  }

  #read(groups: ControlGroups): readonly SandboxProcess[] {
    const stats = this.#stats(groups);
    const launchOf = this.#launches.look(stats);
    const idOf = (number: string) => {
      const born = stats.get(number)?.born;
      return born === undefined ? undefined : `${number}.${born}`;
    };
    return [...stats].map(([number, { parent, cpu, born }]) => {
      const launch = launchOf.get(number);
      // Of what belongs to no launch nobody asks for the memory.
      return { id: `${number}.${born}`, parent: idOf(parent), launch, cpu, ram: launch === undefined ? 0 : ownRam(number) };
    });
  }

  #stats(groups: ControlGroups): ReadonlyMap<string, ProcessStat> {
    const listed = (readKernelFile(`${processesFolder(groups)}/cgroup.procs`) ?? "").split("\n", MOST_PROCESSES);
    const stats = new Map<string, ProcessStat>();
    for (const number of listed) {
      const stat = number === "" ? undefined : parseStat(readKernelFile(`/proc/${number}/stat`) ?? "");
      if (stat !== undefined) stats.set(number, stat);
    }
    return stats;
  }
}

/** What it holds and shares with nobody. */
function ownRam(number: string): number {
  const [, resident = 0, shared = 0] = (readKernelFile(`/proc/${number}/statm`) ?? "").split(" ").map(Number);
  return Math.max(0, resident - shared) * PAGE;
}

export interface ProcessStat {
  /** Numbers of its parent and of its session. */
  readonly parent: string;
  readonly session: string;
  /** Ms. */
  readonly cpu: number;
  /** Ticks since the machine started. */
  readonly born: string;
}

/** From `/proc/PID/stat`, behind the name, which its process chooses itself. Pure. */
export function parseStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const born = fields[19];
  if (born === undefined) return undefined;
  // utime, stime, and both of children that were waited for
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: fields[1] ?? "", session: fields[3] ?? "", cpu: ticks * TICK, born };
}
