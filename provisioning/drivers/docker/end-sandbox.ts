import type { Clock } from "#foundation";
import type { LiveGeneration } from "#provisioning";
import type { EngineContext } from "./engine-context.ts";
import { translated, unlessAbsent } from "./engine-errors.ts";
import { removeContainer, removeVolume } from "./engine-removal.ts";
import { listObjects, type OwnedObject } from "./owned-objects.ts";
import type { ProgramConnections } from "./program-connections.ts";
import { stopPrograms } from "./stop-programs.ts";
import type { SandboxStorage } from "./storage/sandbox-storage.ts";

export interface EndContext {
  readonly context: EngineContext;
  readonly storage: SandboxStorage;
  readonly clock: Clock;
  readonly connections: ProgramConnections;
}

/**
 * Ends everything of one generation, found by label and by what the handle names: applications with their grace, main and
 * guard, volume objects, loop devices, then the home. Resolves when nothing is left; may be repeated at any point.
 */
export async function endSandbox(
  end: EndContext,
  sandbox: LiveGeneration,
  options: { readonly grace: number; readonly keepHome: boolean; readonly guard: string | undefined },
): Promise<void> {
  const { context, storage } = end;
  const all = await listObjects(context, { workspace: sandbox.workspace });
  const own = all.filter(({ generation }) => generation === sandbox.generation);
  const containers = own.filter(({ kind }) => kind === "container");
  await translated("start_failed", "the sandbox could not be removed", async () => {
    if (options.grace > 0)
      await Promise.all(containers.filter(({ isRunning }) => isRunning).map(({ id }) => stopMain(end, id, options.grace)));
    for (const { name } of containers) end.connections.cut(name);
    // With its guard gone a main container has only its loopback: the two may go in any order.
    await Promise.all(
      [...containers.map(({ id }) => id), ...guardsOf(containers, options.guard)].map((id) => removeContainer(context, id)),
    );
    await Promise.all(own.filter(({ kind }) => kind === "volume").map(({ id }) => removeVolume(context, id)));
  });
  const isHeld = await isHeldByOther(context, sandbox, all);
  await translated("storage_failed", "the home could not be let go", () =>
    storage.release(sandbox, isHeld ? "leave" : options.keepHome ? "detach" : "remove"),
  );
}

/** A home that another sandbox has is not ours to let go: another generation's, or the next workspace's that it was kept for. */
async function isHeldByOther(context: EngineContext, sandbox: LiveGeneration, ofWorkspace: readonly OwnedObject[]): Promise<boolean> {
  const ofHome = await listObjects(context, { home: sandbox.home });
  return [...ofWorkspace, ...ofHome].some(
    ({ role, home, workspace, generation }) =>
      role === "main" && home === sandbox.home && (workspace !== sandbox.workspace || generation !== sandbox.generation),
  );
}

async function stopMain(end: EndContext, id: string, grace: number): Promise<void> {
  const found = await unlessAbsent(end.context.client.getContainer(id).inspect());
  if (found !== undefined) await stopPrograms(end, { id, user: found.Config.User, grace });
}

function guardsOf(containers: readonly OwnedObject[], guard: string | undefined): string[] {
  const joined = containers.flatMap(({ joins }) => joins ?? []);
  return [...new Set(guard === undefined ? joined : [...joined, guard])];
}
