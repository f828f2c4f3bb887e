import type { EngineContext } from "./engine-context.ts";
import { isConflict, promptly, statusOf, unlessAbsent } from "./engine-errors.ts";

/** How long somebody else's removal of the same container is waited for. */
const REMOVAL_MS = 20_000;

/** Kills and removes with its anonymous volumes; resolves when the engine no longer lists it. Absent is success. */
export async function removeContainer(context: Pick<EngineContext, "client">, id: string): Promise<void> {
  const container = context.client.getContainer(id);
  try {
    await unlessAbsent(promptly(container.remove({ force: true, v: true })));
  } catch (error) {
    // 409: somebody is removing it already; that one's end is ours.
    if (!isConflict(error)) throw error;
    await unlessAbsent(container.wait({ condition: "removed", abortSignal: AbortSignal.timeout(REMOVAL_MS) }));
  }
}

/**
 * Absent is success. So is an engine that will not: after it restarted its count of mounts is wrong ("active mounts"). The
 * object holds nothing by itself, the kernel's mount table decides what is still in use, and the sweeper tries it again.
 */
export async function removeVolume(context: Pick<EngineContext, "client" | "log">, name: string): Promise<void> {
  try {
    await unlessAbsent(promptly(context.client.getVolume(name).remove()));
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    context.log.warn({ volume: name, error }, "the engine does not let a volume object go; it is swept later");
  }
}
