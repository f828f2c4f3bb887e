import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { EngineError } from "./engine-errors.ts";

/**
 * Makes `folder` (0711) below `home` and sees that the remapped root, who is nobody on the host, gets down to it: each
 * folder on the way needs o+x. The home itself is Guise's and is opened; folders above it are the operator's and are not touched.
 */
export async function makeReachable(home: string, folder: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o711 });
  const { mode } = await stat(home);
  if ((mode & 0o001) === 0) await chmod(home, (mode & 0o7777) | 0o001);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  for (let at = dirname(home); at !== "/"; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) !== 0) continue;
    throw new EngineError(
      "folder_closed",
      `The engine's containers cannot pass ${at}. Set GUISE_HOME to a folder elsewhere (/var/lib/guise), or type: chmod o+x ${at}`,
    );
  }
}
