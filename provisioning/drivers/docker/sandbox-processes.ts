import type { SandboxProcess } from "#provisioning";
import { type ControlGroups, type GroupCounters, processesFolder } from "./control-group.ts";
import { readKernelFile } from "./kernel-file.ts";

/** Ms of one tick of the kernel's accounts (USER_HZ is 100 everywhere that Node runs). */
const TICK = 10;
const PAGE = 4096;
/** A sandbox cannot make looking at it expensive: processes beyond so many are not told apart. */
const MOST_PROCESSES = 500;
const LAUNCH = /(?:^|\0)GUISE_APP=([a-z0-9][a-z0-9-]{0,63})(?:\0|$)/;

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
  #launches = new Map<string, { readonly launch: string | undefined; readonly certain: boolean }>();
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
    const pids = (readKernelFile(`${processesFolder(groups)}/cgroup.procs`) ?? "").split("\n").filter((line) => line !== "");
    const known = new Map<string, { readonly launch: string | undefined; readonly certain: boolean }>();
    const ids = new Map<string, string>();
    const found: (Omit<SandboxProcess, "parent"> & { readonly parentPid: string })[] = [];
    for (const number of pids.slice(0, MOST_PROCESSES)) {
      const stat = parseStat(readKernelFile(`/proc/${number}/stat`) ?? "");
      if (stat === undefined) continue;
      const id = `${number}.${stat.born}`;
      const asked = this.#launchOf(id, number);
      known.set(id, asked);
      ids.set(number, id);
      const { launch } = asked;
      // Of what belongs to no launch nobody asks for the memory.
      found.push({ id, parentPid: stat.parent, launch, cpu: stat.cpu, ram: launch === undefined ? 0 : this.#ownRam(number) });
    }
    this.#launches = known;
    return found.map(({ parentPid, ...process }) => ({ ...process, parent: ids.get(parentPid) }));
  }

  /** Asked once; of one that names none twice, since it may have been about to become the launch's program. */
  #launchOf(id: string, number: string) {
    const before = this.#launches.get(id);
    if (before?.certain === true) return before;
    const launch = LAUNCH.exec(readKernelFile(`/proc/${number}/environ`) ?? "")?.[1];
    return { launch, certain: launch !== undefined || before !== undefined };
  }

  /** What it holds and shares with nobody. */
  #ownRam(number: string): number {
    const [, resident = 0, shared = 0] = (readKernelFile(`/proc/${number}/statm`) ?? "").split(" ").map(Number);
    return Math.max(0, resident - shared) * PAGE;
  }
}

/** From `/proc/PID/stat`, behind the name, which its process chooses itself. Pure. */
export function parseStat(text: string): { readonly parent: string; readonly cpu: number; readonly born: string } | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const born = fields[19];
  if (born === undefined) return undefined;
  // utime, stime, and both of children that were waited for
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: fields[1] ?? "", cpu: ticks * TICK, born };
}
