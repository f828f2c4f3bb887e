import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InsideFile } from "./base-plan.ts";

/** Reads `provisioning/inside/`. */
export async function readInsideFiles(folder: string): Promise<InsideFile[]> {
  const roots = (["guard", "main"] as const).map(async (root) => {
    const names = (await readdir(join(folder, root))).sort();
    return Promise.all(names.map(async (name) => ({ root, name, content: await readFile(join(folder, root, name), "utf8") })));
  });
  return (await Promise.all(roots)).flat();
}
