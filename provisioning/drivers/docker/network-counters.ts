import { readFile } from "node:fs/promises";

export interface NetworkCounters {
  readonly received: number;
  readonly sent: number;
}

/** Bytes on the wire of a process's network namespace, by the kernel's own counters of its `eth0`. No process is started for it. */
export async function readNetwork(pid: number): Promise<NetworkCounters> {
  return parseNetwork(await readFile(`/proc/${pid}/net/dev`, "utf8"));
}

export function parseNetwork(text: string): NetworkCounters {
  const fields = /^\s*eth0:\s*(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  return { received: Number(fields[0] ?? 0), sent: Number(fields[8] ?? 0) };
}
