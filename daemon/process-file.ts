import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Folders } from "./folders.ts";

/** The running Guise of an installation, as it wrote itself down; undefined when it is gone. A number that another program has by now is not ours. */
export function runningProcess(folders: Pick<Folders, "run">): number | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(join(folders.run, "guise.json"), "utf8")) as { pid: number; started: string };
    return startOf(pid) === started ? pid : undefined;
  } catch {
    return undefined;
  }
}

export function writeProcess(folders: Pick<Folders, "run">): void {
  const content = { pid: process.pid, started: startOf(process.pid) };
  writeFileSync(join(folders.run, "guise.json"), `${JSON.stringify(content)}\n`, { mode: 0o600 });
}

export function forgetProcess(folders: Pick<Folders, "run">): void {
  rmSync(join(folders.run, "guise.json"), { force: true });
}

/** Field 22 of /proc/PID/stat: the start in clock ticks since boot, which tells two processes of one number apart. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
