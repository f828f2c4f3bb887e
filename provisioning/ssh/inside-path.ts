import { posix } from "node:path";
import { ProvisioningError } from "../errors.ts";

/** Linux' own bound. */
const LONGEST = 4096;

/** A path as SFTP takes it: absolute, or relative to the home, which is where the server starts. `~/x` is `x`. */
export function insidePath(path: string): string {
  if (path === "" || path.includes("\0") || Buffer.byteLength(path) > LONGEST)
    throw new ProvisioningError("file_failed", "a path is empty, too long or contains a NUL");
  if (path === "~") return ".";
  return path.startsWith("~/") ? posix.join(".", path.slice(2)) : path;
}
