import type { Receipt } from "@guise/contract";
import { NO_AMOUNTS } from "@guise/contract";
import type { Handle } from "#provisioning";
import type { WorkspaceRow } from "#repository";
import type { LoopContext } from "../context.ts";
import { concreteOf } from "../translate.ts";

/** Ends what runs of the workspace; absent is success. */
export async function destroySandbox(
  context: LoopContext,
  row: WorkspaceRow,
  options: { readonly keepHome: boolean; readonly grace?: number },
): Promise<void> {
  context.dropChannels(row.id);
  if (row.generation === 0) return;
  await context.driver.destroy(handleOf(context, row), { grace: options.grace ?? concreteOf(row).stopGrace, keepHome: options.keepHome });
}

/** The stored handle, or one that names the generation when Guise died before it was stored. */
export function handleOf(context: LoopContext, row: WorkspaceRow): Handle {
  const stored = row.handle as Handle | undefined | null;
  if (stored !== undefined && stored !== null && stored.generation === row.generation) return stored;
  return { driver: context.driver.name, version: 0, workspace: row.id, generation: row.generation, opaque: { name: row.engineName } };
}

/** releasing → released: nothing runs, the account is where it was, and the receipt says so. */
export async function releaseWorkspace(context: LoopContext, row: WorkspaceRow): Promise<WorkspaceRow> {
  const { repository, clock } = context;
  const allocation = (await repository.allocations()).find(({ workspace }) => workspace === row.id);
  await destroySandbox(context, row, { keepHome: false });
  const at = clock.now();
  const ran = row.generation > 0;
  const receipt: Receipt = {
    workspace_id: row.id,
    persona_id: row.persona,
    released_at: new Date(at).toISOString(),
    held: row.admittedAt === undefined ? 0 : at - row.admittedAt,
    freed: allocation?.amounts ?? NO_AMOUNTS,
    deleted: ran ? ["sandbox", "home"] : [],
    kept: [],
  };
  return repository.move({
    id: row.id,
    revision: row.revision,
    to: "released",
    at,
    ...keptReason(row),
    message: ran ? "nothing of it is left" : "never started",
    free: true,
    receipt: { ...receipt },
  });
}

/** failing → failed: nothing runs any more; the home is kept until it is given back. */
export async function settleFailure(context: LoopContext, row: WorkspaceRow): Promise<WorkspaceRow> {
  await destroySandbox(context, row, { keepHome: true, grace: 0 });
  return context.repository.move({
    id: row.id,
    revision: row.revision,
    to: "failed",
    at: context.clock.now(),
    ...keptReason(row),
    ...(row.message === undefined ? {} : { message: row.message }),
    free: true,
  });
}

function keptReason(row: WorkspaceRow) {
  return row.reason === undefined ? {} : { reason: row.reason };
}
