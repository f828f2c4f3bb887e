import { readdir, readFile } from "node:fs/promises";
import type { Clock } from "#foundation";
import { delay } from "#foundation";

/** The process that `pidFile` names, if it is a `program` that was started with `mark` among its arguments and is not a zombie. */
export async function livingProcess(pidFile: string, program: string, mark: string): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
  return Number.isInteger(pid) && pid > 1 && (await isOurs(pid, program, mark)) ? pid : undefined;
}

/** All processes whose program name begins with `program` and that carry `mark` among their arguments. */
export async function processesWith(program: string, mark: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await isOurs(pid, program, mark)) ? pid : undefined)));
  return found.filter((pid) => pid !== undefined);
}

/**
 * A pid may have been given to somebody else since, also after a reboot: name, state, user and an argument of ours decide. The user,
 * for a process in a sandbox chooses its name and arguments as it likes.
 */
async function isOurs(pid: number, program: string, mark: string): Promise<boolean> {
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    // the kernel cuts names to 15 bytes
    if (!status.startsWith(`Name:\t${program.slice(0, 15)}`) || /^State:[ \t]+[ZX]/m.test(status)) return false;
    const [real, effective] = /^Uid:\t(\d+)\t(\d+)/m.exec(status)?.slice(1) ?? [];
    if (Number(real) !== process.getuid?.() || real !== effective) return false;
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0").includes(mark);
  } catch {
    return false;
  }
}

/** Resolves true when the process has ended, false when it still lives after `milliseconds`. */
export async function untilEnded(lives: () => Promise<boolean>, clock: Clock, milliseconds: number): Promise<boolean> {
  const end = clock.monotonic() + milliseconds;
  while (await lives()) {
    if (clock.monotonic() >= end) return false;
    await delay(clock, 25);
  }
  return true;
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended meanwhile, which is what is wanted
  }
}
