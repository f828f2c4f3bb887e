import { closeSync, openSync, readSync } from "node:fs";
import type { SandboxProcess } from "#provisioning";
import { parseGroups } from "./control-group.ts";

/** Ms of one tick of the kernel's accounts (USER_HZ is 100 everywhere that Node runs). */
const TICK = 10;
const PAGE = 4096;
/** A sandbox cannot make looking at it expensive: processes beyond so many are not told apart. */
const MOST_PROCESSES = 500;
/** Bytes of a process's variables that are looked through. */
const MOST_VARIABLES = 128 * 1024;
const LAUNCH = /(?:^|\0)GUISE_APP=([a-z0-9][a-z0-9-]{0,63})(?:\0|$)/;

/**
 * The processes of a sandbox, from the kernel's own accounts. Read at one go and without waiting: the kernel answers from memory, and a
 * file read in the background costs ten times as much. Which launch one belongs to is asked once in its life.
 */
export class SandboxProcesses {
  readonly #buffer = Buffer.allocUnsafe(MOST_VARIABLES);
  #launches = new Map<string, string | undefined>();

  /** Those in the control group of this process. */
  look(pid: number): readonly SandboxProcess[] {
    const groups = parseGroups(this.#read(`/proc/${pid}/cgroup`) ?? "");
    const cpu = groups.get("cpuacct");
    const folder = cpu === undefined ? `/sys/fs/cgroup${groups.get("") ?? "/"}` : `/sys/fs/cgroup/cpuacct${cpu}`;
    const pids = (this.#read(`${folder}/cgroup.procs`) ?? "").split("\n").filter((line) => line !== "");
    const known = new Map<string, string | undefined>();
    const ids = new Map<string, string>();
    const found: (Omit<SandboxProcess, "parent"> & { readonly parentPid: string })[] = [];
    for (const number of pids.slice(0, MOST_PROCESSES)) {
      const stat = parseStat(this.#read(`/proc/${number}/stat`) ?? "");
      if (stat === undefined) continue;
      const id = `${number}.${stat.born}`;
      const launch = this.#launches.has(id) ? this.#launches.get(id) : LAUNCH.exec(this.#read(`/proc/${number}/environ`) ?? "")?.[1];
      known.set(id, launch);
      ids.set(number, id);
      found.push({ id, parentPid: stat.parent, launch, cpu: stat.cpu, ram: this.#ownRam(number) });
    }
    this.#launches = known;
    return found.map(({ parentPid, ...process }) => ({ ...process, parent: ids.get(parentPid) }));
  }

  /** What it holds and shares with nobody. */
  #ownRam(number: string): number {
    const [, resident = 0, shared = 0] = (this.#read(`/proc/${number}/statm`) ?? "").split(" ").map(Number);
    return Math.max(0, resident - shared) * PAGE;
  }

  /** Undefined for what is not there any more. */
  #read(path: string): string | undefined {
    let file: number | undefined;
    try {
      file = openSync(path, "r");
      let length = 0;
      while (length < this.#buffer.length) {
        const count = readSync(file, this.#buffer, length, this.#buffer.length - length, null);
        if (count === 0) break;
        length += count;
      }
      return this.#buffer.toString("latin1", 0, length);
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
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
