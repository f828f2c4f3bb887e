import { readdir, readFile } from "node:fs/promises";
import { ProvisioningError } from "#provisioning";
import { runTool, tryTool } from "../engine/run-tool.ts";
import { mountsOf, readMounts } from "./mount-table.ts";

export interface LoopDevice {
  /** "/dev/loop3" */
  readonly path: string;
  /** "7:3", as the kernel's mount table names it. */
  readonly number: string;
  /** The file behind it, as it was named when attached. */
  readonly file: string;
}

/** All loop devices of the machine, from the kernel. */
export async function listLoopDevices(): Promise<LoopDevice[]> {
  const names = (await readdir("/sys/block")).filter((name) => name.startsWith("loop"));
  const devices = await Promise.all(names.map(readDevice));
  return devices.filter((device) => device !== undefined);
}

async function readDevice(name: string): Promise<LoopDevice | undefined> {
  try {
    const [file, number] = await Promise.all([
      readFile(`/sys/block/${name}/loop/backing_file`, "utf8"),
      readFile(`/sys/block/${name}/dev`, "utf8"),
    ]);
    return { path: `/dev/${name}`, number: number.trim(), file: file.trim().replace(/ \(deleted\)$/, "") };
  } catch {
    // Not attached, or detached in this moment.
    return undefined;
  }
}

export async function loopDeviceOf(file: string): Promise<LoopDevice | undefined> {
  return (await listLoopDevices()).find((device) => device.file === file);
}

/** Attaches a file. Rejects `storage_failed`. */
export async function attachLoop(file: string, options: { readonly readOnly: boolean }): Promise<LoopDevice> {
  const path = (await runTool("losetup", ["-f", "--show", ...(options.readOnly ? ["-r"] : []), file])).trim();
  const device = await readDevice(path.replace("/dev/", ""));
  if (device?.file !== file)
    throw new ProvisioningError("storage_failed", "the loop device holds another file", { detail: { file, path, device } });
  return device;
}

/**
 * Lets a file's loop devices go. The kernel's mount table is asked first: an engine that restarted may have left mounts
 * on the host that it no longer knows. Rejects `storage_failed` while somebody still uses one.
 */
export async function detachLoops(file: string): Promise<void> {
  const devices = (await listLoopDevices()).filter((device) => device.file === file);
  for (const device of devices) {
    for (const mount of mountsOf(await readMounts("self"), device.number)) await tryTool("umount", [mount.target]);
    await tryTool("losetup", ["-d", device.path]);
  }
  if (devices.length > 0 && (await loopDeviceOf(file)) !== undefined)
    throw new ProvisioningError("storage_failed", "a home is still in use", { detail: { file } });
}
