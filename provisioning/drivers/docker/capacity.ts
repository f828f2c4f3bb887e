import { readFile, stat, statfs } from "node:fs/promises";
import type { NodeCapacity } from "#provisioning";
import type { EngineContext } from "./engine-context.ts";
import { promptly, translated } from "./engine-errors.ts";
import type { HomeSummary } from "./storage/home-store.ts";
import { DISK_FLOOR } from "./storage/sandbox-storage.ts";

const GIGABIT = 1e9;
/** Whole steps, so that the machine's own breathing does not move admissions. */
const RAM_STEP = 64 * 2 ** 20;

export interface CapacityOptions {
  readonly node: string;
  /** Folder of the homes. */
  readonly homes: string;
  /** Bytes that images may still take, of that disk where the engine keeps them there. */
  readonly imageBudget: number;
  /** Bit/s of the machine's uplink, where an operator has said it. */
  readonly bandwidth: number | undefined;
  /** Bytes of ram that our own containers hold at this moment. */
  ownRam(): Promise<number>;
}

/** The one node of a local engine. */
export async function readCapacity(context: EngineContext, options: CapacityOptions, homes: readonly HomeSummary[]): Promise<NodeCapacity> {
  const [info, disk, memory, ours, link] = await Promise.all([
    translated("engine_unreachable", "the engine did not say what it has", () =>
      promptly(context.client.info() as Promise<{ NCPU: number; MemTotal: number; DockerRootDir: string }>),
    ),
    statfs(options.homes),
    readFile("/proc/meminfo", "utf8").catch(() => ""),
    options.ownRam(),
    linkSpeed(),
  ]);
  const bandwidth = options.bandwidth ?? link ?? GIGABIT;
  const others = DISK_FLOOR + ((await areOnOneDisk(options.homes, info.DockerRootDir)) ? options.imageBudget : 0);
  const whole = { cpu: info.NCPU * 1000, ingress: bandwidth, egress: bandwidth };
  return {
    node: options.node,
    capacity: {
      ...whole,
      ram: ramForUs(info.MemTotal, memory, ours),
      storage: storageForUs(disk.bavail * disk.bsize, others, homes),
    },
    ceiling: {
      ...whole,
      ram: ramForUs(info.MemTotal, "", 0),
      storage: storageForUs(disk.blocks * disk.bsize, others, []),
    },
    assumed: options.bandwidth === undefined && link === undefined ? ["ingress", "egress"] : [],
  };
}

/** Where that cannot be seen, they count as one: less is promised then. */
async function areOnOneDisk(one: string, other: string): Promise<boolean> {
  const devices = await Promise.all(
    [one, other].map((path) =>
      stat(path).then(
        ({ dev }) => dev,
        () => undefined,
      ),
    ),
  );
  return devices.some((device) => device === undefined) || devices[0] === devices[1];
}

/** The machine's memory less what holds it beside our own containers. */
export function ramForUs(total: number, meminfo: string, ours: number): number {
  const available = /^MemAvailable:[ \t]+(\d+) kB$/m.exec(meminfo)?.[1];
  const others = available === undefined ? 0 : Math.max(0, total - Number(available) * 1024 - ours);
  return Math.max(0, Math.floor((total - others) / RAM_STEP) * RAM_STEP);
}

/**
 * Bytes that demands may be fitted into: what is free, and what our homes take (whoever has one is charged with all that it was
 * promised), less what is kept for others: images, and the floor that the machine itself needs.
 */
export function storageForUs(free: number, others: number, homes: readonly HomeSummary[]): number {
  return Math.max(0, Math.floor(homes.reduce((sum, { taken }) => sum + taken, free - others)));
}

/** Bit/s of the interface with the default route, or undefined where the kernel does not know (virtual ones). */
async function linkSpeed(): Promise<number | undefined> {
  const routes = await readFile("/proc/net/route", "utf8").catch(() => "");
  const device = routes
    .split("\n")
    .map((line) => line.split("\t"))
    .find(([, destination]) => destination === "00000000")?.[0];
  if (device === undefined || !/^[\w.-]+$/.test(device)) return undefined;
  const megabits = Number(await readFile(`/sys/class/net/${device}/speed`, "utf8").catch(() => "-1"));
  return megabits > 0 ? megabits * 1e6 : undefined;
}
