import type { Amounts } from "@guise/contract";
import type { HomeRow, QueuedWorkspace, Repository } from "#repository";
import type { Allocation, Demand } from "#resource-manager";
import { allocationOf, demandOf, workspaceAllocation } from "../translate.ts";

/** Rows of the queue that are read at once, so that whoever else asks the store gets his turn between two pages. */
const PAGE = 1_000;

/** What the Resource Manager is told at the beginning: what is held, and who waits. */
export interface StoredAccount {
  readonly allocations: readonly Allocation[];
  /** Without those that are being given back: their withdrawal would come before them. */
  readonly queue: readonly Demand[];
}

export async function readStoredAccount(
  repository: Pick<Repository, "queued" | "homes" | "allocations">,
  overhead: Amounts,
): Promise<StoredAccount> {
  const rows = await wholeQueue(repository);
  const homes = new Map((await repository.homes({ charged: true })).map((row): [string, HomeRow] => [row.home, row]));
  const held = (await repository.allocations()).map(workspaceAllocation);
  return {
    allocations: [...held, ...[...homes.values()].flatMap((home) => allocationOf(home) ?? [])],
    queue: rows.filter(({ desired }) => desired !== "released").map((row) => demandOf(row, overhead, homes.get(row.home))),
  };
}

async function wholeQueue(repository: Pick<Repository, "queued">): Promise<readonly QueuedWorkspace[]> {
  const rows: QueuedWorkspace[] = [];
  for (;;) {
    const page = await repository.queued({ after: rows.at(-1), limit: PAGE });
    rows.push(...page);
    if (page.length < PAGE) return rows;
  }
}
