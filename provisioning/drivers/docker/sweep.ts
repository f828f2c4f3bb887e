import type { EndContext } from "./end-sandbox.ts";
import { removeContainer, removeVolume } from "./engine-removal.ts";
import type { Generations } from "./generations.ts";
import { listObjects, type OwnedObject } from "./owned-objects.ts";
import type { HomeStore } from "./storage/home-store.ts";
import { sweepable } from "./sweeper.ts";

export interface SweepContext extends EndContext {
  readonly homes: HomeStore;
  readonly generations: Generations;
  /** Guards that this process holds. */
  readonly guards: ReadonlySet<string>;
  readonly now: () => number;
}

/** Removes what nobody holds: containers first, then volume objects, then devices. Homes stay; unknown ones are put aside. */
export async function sweepOnce(sweep: SweepContext): Promise<void> {
  const { context, generations } = sweep;
  const objects = await listObjects(context);
  const found = sweepable(objects, {
    run: context.run,
    now: sweep.now(),
    isAlive: (workspace, generation) => generations.isAlive(workspace, generation),
    guards: sweep.guards,
  });
  for (const { name, role, workspace } of found) context.log.info({ name, role, workspace }, "swept");
  for (const { id } of byRole(found)) await removeContainer(context, id);
  for (const { id } of found.filter(({ kind }) => kind === "volume")) await removeVolume(context, id);
  const left = objects.filter((object) => !found.includes(object));
  await sweepDevices(sweep, left);
  await sweep.homes.quarantineUnknown();
}

/** Whoever joined a guard goes before it: until then the rules are in force. */
function byRole(found: readonly OwnedObject[]): OwnedObject[] {
  const containers = found.filter(({ kind }) => kind === "container");
  return [...containers.filter(({ joins }) => joins !== undefined), ...containers.filter(({ joins }) => joins === undefined)];
}

async function sweepDevices({ storage, homes, generations }: SweepContext, left: readonly OwnedObject[]): Promise<void> {
  const holds = (workspace: string, generation: number) =>
    left.some((object) => object.kind === "container" && object.workspace === workspace && object.generation === generation);
  for (const sandbox of await storage.generations())
    if (!generations.isAlive(sandbox.workspace, sandbox.generation) && !holds(sandbox.workspace, sandbox.generation))
      await storage.releaseDevices(sandbox);
  const held = new Set(left.map(({ home }) => home));
  for (const home of await homes.attached()) if (!generations.isHomeInUse(home) && !held.has(home)) await homes.detach(home);
}
