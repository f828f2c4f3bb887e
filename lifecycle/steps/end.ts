import { type Amounts, addAmounts, NO_AMOUNTS, type Receipt } from "@guise/contract";
import type { HomeRow, WorkspaceRow } from "#repository";
import type { LoopContext } from "../context.ts";
import { concreteOf } from "../translate.ts";
import { handleOf } from "./handle.ts";
import { withNote } from "./stated-note.ts";

/** Ends what runs of the workspace; absent is success. */
export async function destroySandbox(
  context: LoopContext,
  row: WorkspaceRow,
  options: { readonly keepHome: boolean; readonly grace?: number },
): Promise<void> {
  context.dropChannels(row.id);
  if (row.generation === 0) return;
  await context.driver.destroy(handleOf(context, row), { grace: options.grace ?? concreteOf(row).stopGrace, keepHome: options.keepHome });
  // Nothing uses it any more.
  await context.dataAccess.take(row.id);
}

/** Whether somebody's files may be in the home: it was ready once, or was kept from an earlier workspace. */
export function holdsFiles(row: WorkspaceRow, home: HomeRow | undefined): boolean {
  return row.readyAt !== undefined || (home !== undefined && home.bytes > 0);
}

/** Ends the sandbox for a new start, or for good; a home that nobody has used yet goes with it. Gives what the move has to say of it. */
export async function setAside(context: LoopContext, row: WorkspaceRow): Promise<{ readonly free: true; readonly home?: "keep" }> {
  const keepHome = holdsFiles(row, await context.repository.home(row.home));
  await destroySandbox(context, row, { keepHome, grace: 0 });
  return keepHome ? { free: true, home: "keep" } : { free: true };
}

/** releasing → released: nothing runs, the account is where it was, and the receipt says so. */
export async function releaseWorkspace(context: LoopContext, row: WorkspaceRow): Promise<WorkspaceRow> {
  const { repository, driver, clock } = context;
  const [allocation] = await repository.allocations([row.id]);
  const home = await repository.home(row.home);
  const keepHome = home?.keep === true && !row.dropHome && holdsFiles(row, home);
  const given = await repository.dataAccesses(row.id);
  await destroySandbox(context, row, { keepHome });
  const untaken = new Set((await repository.dataAccesses(row.id)).map(({ source }) => source));
  const taken = given.map(({ source }) => source).filter((source) => !untaken.has(source));
  // Of a workspace that never started on a home that was kept before.
  if (!keepHome && row.generation === 0 && home !== undefined && home.bytes > 0) await driver.removeHome(row.home);
  const at = clock.now();
  await closeLaunches(context, row, at);
  const present = allocation === undefined || row.admittedAt === undefined ? 0 : Math.max(0, at - row.admittedAt);
  const held = present + (await repository.timeHeld(row.id));
  return repository.move({
    id: row.id,
    revision: row.revision,
    to: "released",
    at,
    ...keptReason(row),
    message: withNote(leftOf(row, keepHome, [...untaken]), row),
    free: true,
    home: keepHome ? "keep" : "drop",
    receipt: { ...receiptOf(row, { allocation: allocation?.amounts ?? NO_AMOUNTS, home, keepHome, at, held, taken }) },
  });
}

function leftOf({ generation }: WorkspaceRow, keepHome: boolean, untaken: readonly string[]): string {
  if (generation === 0) return "never started";
  const left = keepHome ? "its home is kept, nothing else is left" : "nothing of it is left";
  return untaken.length === 0
    ? left
    : `${left} here; its role in ${untaken.join(", ")}, which does not answer, is removed as soon as it does`;
}

/** What was open went with the sandbox. */
async function closeLaunches({ repository }: LoopContext, row: WorkspaceRow, endedAt: number): Promise<void> {
  for (const { id, state } of await repository.launches(row.id))
    if (OPEN_LAUNCHES.has(state)) await repository.updateLaunch(id, { state: "exited", endedAt });
}

const OPEN_LAUNCHES: ReadonlySet<string> = new Set(["starting", "running", "suspended"]);

interface Ending {
  readonly allocation: Amounts;
  readonly home: HomeRow | undefined;
  readonly keepHome: boolean;
  readonly at: number;
  /** Ms for which it held its room, in all its stretches. */
  readonly held: number;
  /** Data sources that it had access to, and has not any more. */
  readonly taken: readonly string[];
}

function receiptOf(row: WorkspaceRow, { allocation, home, keepHome, at, held, taken }: Ending): Receipt {
  const charged = home?.bytes ?? 0;
  const freed = keepHome ? { ...allocation, storage: 0 } : addAmounts(allocation, { ...NO_AMOUNTS, storage: charged });
  const ran = row.generation > 0;
  return {
    workspace_id: row.id,
    persona_id: row.persona,
    released_at: new Date(at).toISOString(),
    requested_at: new Date(row.requestedAt).toISOString(),
    held,
    freed,
    deleted: [
      ...(ran ? ["sandbox"] : []),
      ...(!keepHome && (ran || charged > 0) ? ["home"] : []),
      ...taken.map((source) => `access to ${source}`),
    ],
    kept: keepHome ? [{ what: `home ${row.home}`, bytes: charged + allocation.storage, charged_to: row.group }] : [],
    ...(row.desiredNote === undefined ? {} : { note: row.desiredNote }),
  };
}

/** failing → failed: nothing runs any more; a home with somebody's files is kept until it is given back. */
export async function settleFailure(context: LoopContext, row: WorkspaceRow): Promise<WorkspaceRow> {
  const left = await setAside(context, row);
  return context.repository.move({
    id: row.id,
    revision: row.revision,
    to: "failed",
    at: context.clock.now(),
    ...keptReason(row),
    ...(row.message === undefined ? {} : { message: row.message }),
    ...left,
  });
}

function keptReason(row: WorkspaceRow) {
  return row.reason === undefined ? {} : { reason: row.reason };
}
