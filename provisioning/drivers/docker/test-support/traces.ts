import { readdir } from "node:fs/promises";
import type { DockerDriverOptions } from "../driver-options.ts";
import { listObjects } from "../owned-objects.ts";
import { listLoopDevices } from "../storage/loop-devices.ts";
import { readMounts } from "../storage/mount-table.ts";
import { StorageFolders } from "../storage/storage-folders.ts";

/** What a driver's installation holds of the engine and of the machine. */
export async function tracesOf(options: DockerDriverOptions) {
  const folders = new StorageFolders(options.home);
  const loops = (await listLoopDevices()).filter(({ file }) => file.startsWith(options.home));
  const mounts = await readMounts("self");
  return {
    objects: (await listObjects(options)).map(({ role, name }) => `${role} ${name}`),
    loops: loops.map(({ file }) => file),
    mounts: mounts.filter(({ device }) => loops.some(({ number }) => number === device)).map(({ target }) => target),
    devices: await readdir(folders.devices),
    mounted: await readdir(folders.mounted),
    homes: (await readdir(folders.homes)).sort(),
  };
}

export const NO_TRACES: Awaited<ReturnType<typeof tracesOf>> = { objects: [], loops: [], mounts: [], devices: [], mounted: [], homes: [] };
