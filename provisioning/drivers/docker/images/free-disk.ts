import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { formatBytes } from "@guise/contract";
import { MAKE_ROOM, ProvisioningError } from "#provisioning";

/** The largest sample image takes 2 GiB while it is built and stored. */
const LEAST_FREE = 3 * 2 ** 30;

/** Rejects `disk_full` when less than `least` bytes are free where `path` lies, or will lie once it is made. */
export async function requireFreeDisk(path: string, least = LEAST_FREE): Promise<void> {
  const { bavail, bsize } = await nearestDisk(path);
  const free = bavail * bsize;
  if (free >= least) return;
  throw new ProvisioningError(
    "disk_full",
    `a build needs ${formatBytes(least)} of free disk; ${path} has ${formatBytes(free)}; ${MAKE_ROOM}`,
    {
      detail: { least, free, path },
    },
  );
}

function nearestDisk(path: string): Promise<{ bavail: number; bsize: number }> {
  const above = dirname(path);
  return above === path ? statfs(path) : statfs(path).catch(() => nearestDisk(above));
}
