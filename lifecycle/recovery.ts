import { codeOf, delay } from "#foundation";
import type { Handle, LiveGeneration } from "#provisioning";
import type { WorkspaceRow } from "#repository";
import type { LoopContext } from "./context.ts";
import { destroySandbox, setAside } from "./steps/end.ts";
import { handleOf } from "./steps/handle.ts";

/** How long to wait between questions to an engine that does not answer yet, ms. */
const ENGINE_PATIENCE = 1_000;

/**
 * After a start of Guise: each workspace goes on to where it was going. What is ready is taken over as it runs; a start that
 * died half-way goes back to its place in the queue; what was ending is ended by the loop. Then the driver may sweep the rest.
 */
export async function recover(context: LoopContext, signal: AbortSignal): Promise<void> {
  const live: LiveGeneration[] = [];
  for (const row of await context.repository.workspaces({ states: ["provisioning", "ready", "suspending", "failing", "releasing"] })) {
    const stays = await patiently(context, signal, () => recoverOne(context, row)).catch((error: unknown) => {
      if (signal.aborted) throw error;
      // One that cannot be taken over or removed now must not keep all others, and Guise itself, from starting: the loop goes on with it.
      context.log.error({ err: error, workspace: row.id }, "a workspace could not be taken over; it is looked at again");
      return true;
    });
    if (stays) live.push({ workspace: row.id, generation: row.generation, home: row.home });
  }
  const homes = await context.repository.homes({});
  context.driver.recovered(live, new Set(homes.map(({ home }) => home)));
}

/** True when the row's generation lives on. */
async function recoverOne(context: LoopContext, row: WorkspaceRow): Promise<boolean> {
  if (row.state === "failing" || row.state === "releasing" || row.state === "suspending") return true;
  if (row.desired === "released") return true;
  if (row.state === "ready") return takeOver(context, row);
  const left = await setAside(context, row);
  await context.repository.move({
    id: row.id,
    revision: row.revision,
    to: "queued",
    reason: "guise_stopped",
    message: "Guise stopped during the start; it begins again",
    at: context.clock.now(),
    ...left,
  });
  return false;
}

async function takeOver(context: LoopContext, row: WorkspaceRow): Promise<boolean> {
  const handle: Handle = handleOf(context, row);
  const condition = await context.driver.recover(handle);
  if (condition.condition === "running") return true;
  await destroySandbox(context, row, { keepHome: true, grace: 0 });
  await context.repository.move({
    id: row.id,
    revision: row.revision,
    to: "provisioning",
    reason: "sandbox_lost",
    message: condition.condition === "broken" ? condition.why : "the sandbox was gone when Guise came back",
    at: context.clock.now(),
    newGeneration: { engineName: context.ids.next("g", 16) },
  });
  return false;
}

async function patiently<T>(context: LoopContext, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== "engine_unreachable") throw error;
      context.log.warn({ err: error }, "the engine does not answer; recovery waits for it");
      await delay(context.clock, ENGINE_PATIENCE, signal);
    }
  }
}
