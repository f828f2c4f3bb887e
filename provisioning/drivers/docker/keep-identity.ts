import type { EngineContainer } from "./client.ts";
import { startExec } from "./engine-calls.ts";
import { isAbsent, isConflict } from "./engine-errors.ts";

/**
 * Takes the files that say who the workspace's user is out of the workspace's hands: done by the owner of their folder, a uid that
 * nothing else runs as and that has no capability either. Safe to repeat; a container that is gone or does not run is success.
 */
export async function keepIdentity(container: EngineContainer, ids: { readonly uid: number; readonly keeper: number }): Promise<void> {
  const { uid, keeper } = ids;
  try {
    const command = ["/usr/lib/guise/keep-identity", String(uid)];
    const { raw } = await startExec(container, { role: "main", command, user: `${keeper}:${keeper}` });
    raw.end();
    await new Promise<void>((resolve) => raw.once("close", resolve).once("end", resolve).once("error", resolve).resume());
    raw.destroy();
  } catch (error) {
    if (!isAbsent(error) && !isConflict(error)) throw error;
  }
}
