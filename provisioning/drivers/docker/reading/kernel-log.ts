import { constants, openSync, readSync } from "node:fs";
import { uptime } from "node:os";

/** One program that the kernel ended because its control group had no ram left. */
export interface Killed {
  /** The control group whose limit was hit, by its path. */
  readonly group: string;
  readonly program: string;
  /** Ms since the kernel started. */
  readonly at: number;
}

const LOG = "/dev/kmsg";
/** Records of one read at most: more than the kernel's buffer holds; and the longest record that it gives. */
const MOST_RECORDS = 50_000;
const LONGEST_RECORD = 8192;
/** Kills that are remembered, of all sandboxes together. */
const MOST_KILLS = 1000;

/**
 * The kernel's log, for the names of programs that it ended. It is read from where the last read left it, and never waits: where there is
 * nothing new the kernel says so. Without the right to read it nothing is known.
 */
export class KernelLog {
  readonly #buffer = Buffer.alloc(LONGEST_RECORD);
  #file: number | undefined;
  #killed: readonly Killed[] = [];

  /** The oldest first; `at` in ms since the epoch, as `now` is. */
  killed(isOf: (group: string) => boolean, now: number): { readonly program: string; readonly at: number }[] {
    this.#readOn();
    const started = now - uptime() * 1000;
    return this.#killed
      .filter(({ group }) => isOf(group))
      .map(({ program, at }) => ({ program, at: Math.min(now, Math.round(started + at)) }));
  }

  #readOn(): void {
    const found: Killed[] = [];
    for (let count = 0; count < MOST_RECORDS; count++) {
      const record = this.#nextRecord();
      if (record === undefined) break;
      const killed = parseKill(record);
      if (killed !== undefined) found.push(killed);
    }
    this.#killed = [...this.#killed, ...found].slice(-MOST_KILLS);
  }

  /** Undefined at the end of what there is; empty for what was overwritten before it was read. */
  #nextRecord(): string | undefined {
    try {
      this.#file ??= openSync(LOG, constants.O_RDONLY | constants.O_NONBLOCK);
      const length = readSync(this.#file, this.#buffer, 0, LONGEST_RECORD, null);
      return length === 0 ? undefined : this.#buffer.toString("latin1", 0, length);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPIPE" ? "" : undefined;
    }
  }
}

const BEGINNING = "oom-kill:constraint=CONSTRAINT_MEMCG,";
const GROUP = ",oom_memcg=";
const TASK = ",task=";

/**
 * From the kernel's summary of one kill: `priority,number,time,flags;oom-kill:…`. The program chooses its own name, and may put anything
 * into it: what is before it is the kernel's, and the number of its process and person are the last two fields. Pure.
 */
export function parseKill(record: string): Killed | undefined {
  const [line = ""] = record.split("\n", 1);
  const semicolon = line.indexOf(";");
  const text = line.slice(semicolon + 1);
  const [group, task] = [text.indexOf(GROUP), text.indexOf(TASK)];
  if (semicolon === -1 || !text.startsWith(BEGINNING) || group === -1 || task < group) return undefined;
  const name = text
    .slice(task + TASK.length)
    .split(",")
    .slice(0, -2)
    .join(",");
  const [path = ""] = text.slice(group + GROUP.length, task).split(",", 1);
  return { group: path, program: name, at: Number(line.split(",", 3)[2]) / 1000 };
}
