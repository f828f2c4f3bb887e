import { type Amounts, addAmounts, DIMENSIONS, type Dimension, formatAmounts, NO_AMOUNTS } from "@guise/contract";
import { codeOf } from "#foundation";
import type { ResizedStep, WorkspaceRow } from "#repository";
import { sentenceOf } from "#resource-manager";
import type { Admission } from "../admission/admission.ts";
import type { LoopContext } from "../context.ts";
import { workspaceAllocation } from "../translate.ts";
import { handleOf } from "./handle.ts";

/**
 * Gives a ready workspace what is wanted for it, or answers why not. What it holds meanwhile is the larger of before and after in
 * each dimension, so that nothing is promised twice whatever dies when; each step may be made again.
 */
export async function resizeWorkspace(context: LoopContext, admission: Admission, row: WorkspaceRow): Promise<void> {
  const { repository, driver } = context;
  const { wantedDemand: wanted } = row;
  const [held] = await repository.allocations([row.id]);
  if (wanted === undefined || held === undefined) return;
  const [before, after] = [row.demand, wanted].map((demand) => holding(held.amounts, addAmounts(demand, driver.overhead())));
  if (before === undefined || after === undefined) return;
  const grown = await admission.resize(row.id, larger(before, after));
  if ("kind" in grown) {
    await settle(context, row, { answered: wanted, message: `not resized: ${sentenceOf(grown)}` });
    return;
  }
  const refusal = await applied(context, grown, wanted);
  const amounts = refusal === undefined ? after : before;
  await settle(context, grown, {
    answered: wanted,
    reallocate: amounts,
    ...(refusal === undefined ? { demand: wanted } : {}),
    message: refusal === undefined ? `has ${formatAmounts(wanted)} now` : `not resized: ${refusal}`,
  });
  await admission.change({ kind: "allocated", allocation: workspaceAllocation({ ...held, amounts }) });
}

/** The reason for which its sandbox cannot have it; undefined: it has it. */
async function applied({ driver }: LoopContext, row: WorkspaceRow, wanted: Amounts): Promise<string | undefined> {
  if (driver.resizing === undefined) return "this engine cannot change limits while a workspace runs";
  try {
    await driver.resizing.resize(handleOf({ driver }, row), wanted);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== "resize_refused") throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

type Outcome = Pick<ResizedStep, "answered" | "reallocate" | "demand" | "message">;

function settle({ repository, clock }: LoopContext, { id, revision }: WorkspaceRow, outcome: Outcome): Promise<WorkspaceRow> {
  return repository.move({ id, revision, to: "ready", at: clock.now(), ...outcome });
}

/** The home's storage is held as it was admitted. */
function holding(held: Amounts, demand: Amounts): Amounts {
  return { ...demand, storage: held.storage };
}

function larger(a: Amounts, b: Amounts): Amounts {
  const most: Record<Dimension, number> = { ...NO_AMOUNTS };
  for (const dimension of DIMENSIONS) most[dimension] = Math.max(a[dimension], b[dimension]);
  return most;
}
