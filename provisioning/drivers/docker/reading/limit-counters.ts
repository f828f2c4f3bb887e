import type { LimitCounts } from "#provisioning";
import type { ControlGroups } from "./control-group.ts";
import { readKernelFile } from "./kernel-file.ts";

/** By version of control groups. A file that this kernel does not have counts nothing. */
export function readLimitCounts(groups: ControlGroups): LimitCounts {
  const unified = `/sys/fs/cgroup${groups.get("") ?? "/"}`;
  const pids = groups.get("pids");
  const refused = readKernelFile(`${pids === undefined ? unified : `/sys/fs/cgroup/pids${pids}`}/pids.events`) ?? "";
  const memory = groups.get("memory");
  const [kills = "", most = ""] = (
    memory === undefined
      ? [`${unified}/memory.events`, `${unified}/memory.peak`]
      : ["memory.oom_control", "memory.max_usage_in_bytes"].map((file) => `/sys/fs/cgroup/memory${memory}/${file}`)
  ).map((path) => readKernelFile(path));
  return { kills: fieldOf(kills, "oom_kill"), refusedProcesses: fieldOf(refused, "max"), ramMost: Number.parseInt(most, 10) || 0 };
}

/** A line `name number` of a control group's file; 0 where it has none. Pure. */
export function fieldOf(text: string, name: string): number {
  const at = `\n${text}`.indexOf(`\n${name} `);
  return at === -1 ? 0 : Number.parseInt(text.slice(at + name.length), 10) || 0;
}
