import { existsSync } from "node:fs";
import { join } from "node:path";

/** The built portal, where it has been built. */
export function portalFolder(root: string): string | undefined {
  const folder = join(root, "portal", "dist");
  return existsSync(join(folder, "index.html")) ? folder : undefined;
}
