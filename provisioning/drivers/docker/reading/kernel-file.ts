import { closeSync, openSync, readSync } from "node:fs";

const buffer = Buffer.allocUnsafe(128 * 1024);

/**
 * A file of /proc, /sys or of a control group, its first 128 KiB unless told; undefined where it is not there any more. In the reader's process
 * alone: whose it is can make the kernel wait with the answer, for seconds.
 */
export function readKernelFile(path: string, most = buffer.length): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const parts: string[] = [];
    for (let left = most; left > 0; ) {
      const count = readSync(file, buffer, 0, Math.min(left, buffer.length), null);
      if (count === 0) break;
      parts.push(buffer.toString("latin1", 0, count));
      left -= count;
    }
    return parts.join("");
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
