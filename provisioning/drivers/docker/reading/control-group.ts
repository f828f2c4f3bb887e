import { readKernelFile } from "./kernel-file.ts";

/** What the kernel has counted for one control group. */
export interface GroupCounters {
  /** Milliseconds of cpu time. */
  readonly cpu: number;
  /** Bytes that cannot be dropped: anonymous memory and tmpfs. */
  readonly ram: number;
}

/** Where a process is accounted. */
export type ControlGroups = ReadonlyMap<string, string>;

/** Paths by hierarchy of `/proc/PID/cgroup`: v1 names its controllers, v2 has the empty name. */
export function parseGroups(text: string): ControlGroups {
  const groups = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, controllers, ...path] = line.split(":");
    if (controllers !== undefined) for (const controller of controllers.split(",")) groups.set(controller, path.join(":"));
  }
  return groups;
}

/** Those of a container's process. Throws when the process is not in the container's group: its number has gone to another one. */
export function groupsOf(pid: number, container: string): ControlGroups {
  const text = readKernelFile(`/proc/${pid}/cgroup`);
  if (text?.includes(container) !== true) throw new Error(`process ${pid} is not of container ${container}`);
  return parseGroups(text);
}

/** Throws when the group is gone. */
export function readGroup(groups: ControlGroups): GroupCounters {
  const memory = groups.get("memory");
  const cpu = groups.get("cpuacct");
  if (memory !== undefined && cpu !== undefined) return readVersion1(cpu, memory);
  return readVersion2(groups.get("") ?? "/");
}

/** Where the kernel lists its processes. */
export function processesFolder(groups: ControlGroups): string {
  const cpu = groups.get("cpuacct");
  return cpu === undefined ? `/sys/fs/cgroup${groups.get("") ?? "/"}` : `/sys/fs/cgroup/cpuacct${cpu}`;
}

/** Memory of whole hierarchies, by the paths of their groups; of one that is not there, nothing. */
export function groupsRam(groups: readonly string[]): number {
  return groups.reduce((sum, group) => sum + groupRam(group), 0);
}

function groupRam(group: string): number {
  for (const file of [`/sys/fs/cgroup/memory${group}/memory.stat`, `/sys/fs/cgroup${group}/memory.stat`]) {
    const text = readKernelFile(file);
    if (text !== undefined) return heldBytes(text);
  }
  return 0;
}

/** Where single containers may be, below the parents that engines have by default, by cgroupfs and by systemd. */
export function defaultGroups(ids: readonly string[]): string[] {
  return ids.flatMap((id) => [`/docker/${id}`, `/system.slice/docker-${id}.scope`]);
}

/** `total_rss` and `total_shmem` on v1, `anon` and `shmem` on v2. */
export function heldBytes(memoryStat: string): number {
  const text = `\n${memoryStat}`;
  const bytesOf = (name: string) => {
    const at = text.indexOf(`\n${name} `);
    return at === -1 ? undefined : Number.parseInt(text.slice(at + name.length + 2), 10);
  };
  return (bytesOf("total_rss") ?? bytesOf("anon") ?? 0) + (bytesOf("total_shmem") ?? bytesOf("shmem") ?? 0);
}

function readVersion1(cpu: string, memory: string): GroupCounters {
  const usage = present(`/sys/fs/cgroup/cpuacct${cpu}/cpuacct.usage`);
  return { cpu: Math.round(Number(usage) / 1e6), ram: heldBytes(present(`/sys/fs/cgroup/memory${memory}/memory.stat`)) };
}

function readVersion2(path: string): GroupCounters {
  const usage = /^usage_usec (\d+)$/m.exec(present(`/sys/fs/cgroup${path}/cpu.stat`))?.[1] ?? "0";
  return { cpu: Math.round(Number(usage) / 1000), ram: heldBytes(present(`/sys/fs/cgroup${path}/memory.stat`)) };
}

function present(path: string): string {
  const text = readKernelFile(path);
  if (text === undefined) throw new Error(`${path} is gone`);
  return text;
}
