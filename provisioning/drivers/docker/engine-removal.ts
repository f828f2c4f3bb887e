import type { EngineContext } from "./engine-context.ts";
import { isConflict, unlessAbsent } from "./engine-errors.ts";

/** How long somebody else's removal of the same container is waited for. */
const REMOVAL_MS = 20_000;

/** Kills and removes with its anonymous volumes; resolves when the engine no longer lists it. Absent is success. */
export async function removeContainer(context: EngineContext, id: string): Promise<void> {
  const container = context.client.getContainer(id);
  try {
    await unlessAbsent(container.remove({ force: true, v: true }));
  } catch (error) {
    // 409: somebody is removing it already; that one's end is ours.
    if (!isConflict(error)) throw error;
    await unlessAbsent(container.wait({ condition: "removed", abortSignal: AbortSignal.timeout(REMOVAL_MS) }));
  }
}

/**
 * Absent is success. So is "in use" when its container is gone: after an engine restart the engine's count of mounts is
 * wrong. The object holds nothing by itself (the kernel's mount table decides), and the sweeper gets rid of it later.
 */
export async function removeVolume(context: EngineContext, name: string): Promise<void> {
  try {
    await unlessAbsent(context.client.getVolume(name).remove());
  } catch (error) {
    if (!isConflict(error)) throw error;
    context.log.warn({ volume: name }, "the engine still counts mounts of a volume; it is swept later");
  }
}
