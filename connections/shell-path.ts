import { ProvisioningError } from "#provisioning";

/** For programs that start in the home: below it, and never an option. */
export function shellPath(path: string): string {
  if (path.includes("\0")) throw new ProvisioningError("file_failed", "a path contains a NUL");
  if (path.startsWith("/")) return path;
  return path === "~" ? "." : `./${path.replace(/^~\//, "")}`;
}
