import { readdirSync, statSync } from "node:fs";
import { type Mount, parseMounts } from "../storage/mount-table.ts";
import { readKernelFile } from "./kernel-file.ts";

/** Bytes of a mount table: thousands of workspaces. */
const MOST_OF_TABLE = 8 * 2 ** 20;

interface Place {
  /** The loop device's name below /sys/block, and its number as mount tables have it. */
  readonly loop: string;
  readonly device: string;
  readonly target: string;
}

const known = new Map<string, Place>();

/** What a process sees mounted; nothing where it has ended. */
export function mountsOfProcess(pid: number | "self"): readonly Mount[] {
  return parseMounts(readKernelFile(`/proc/${pid}/mountinfo`, MOST_OF_TABLE) ?? "");
}

/** Where a home is mounted on this host, by the loop device of its image. Found once: with many homes both tables are long. */
export function mountPoint(homeImage: string): string | undefined {
  const before = known.get(homeImage);
  if (before !== undefined && stillThere(homeImage, before)) return before.target;
  known.delete(homeImage);
  const loop = readdirSync("/sys/block").find((name) => name.startsWith("loop") && isBehind(name, homeImage));
  const device = loop === undefined ? undefined : readKernelFile(`/sys/block/${loop}/dev`)?.trim();
  const target = device === undefined ? undefined : mountsOfProcess("self").find((mount) => mount.device === device)?.target;
  if (loop !== undefined && device !== undefined && target !== undefined) known.set(homeImage, { loop, device, target });
  return target;
}

function isBehind(loop: string, image: string): boolean {
  return readKernelFile(`/sys/block/${loop}/loop/backing_file`)?.trim() === image;
}

/** The loop device still has the image, and is still what is mounted there. */
function stillThere(image: string, { loop, device, target }: Place): boolean {
  const dev = statSync(target, { throwIfNoEntry: false })?.dev;
  const [major, minor] = device.split(":").map(Number);
  // as the C library packs them, for numbers below 2^12 and 2^20
  const packed = ((major ?? 0) << 8) | ((minor ?? 0) & 0xff) | (((minor ?? 0) & ~0xff) << 12);
  return dev === packed && isBehind(loop, image);
}
