import { decide } from "./decide.ts";
import type { Advice, Demand } from "./model.ts";
import { waitOf } from "./queue.ts";
import { ALLOCATIONS, type Snapshot } from "./snapshot.ts";

/**
 * What would become of the demand if it arrived now. Decides on the snapshot and throws the result away, so that
 * advice cannot differ from the decision that follows it. An id that waits or is allocated is answered from the account.
 */
export function advise(snapshot: Snapshot, demand: Demand): Advice {
  const { decisions, snapshot: next } = decide(snapshot, [{ kind: "arrived", demand }]);
  const refusal = decisions.find((decision) => decision.kind === "refused" && decision.id === demand.id);
  if (refusal?.kind === "refused") return { kind: "never_fits", short: refusal.short, largest: refusal.largest };
  const allocation = ALLOCATIONS.find(next.allocations, demand);
  if (allocation !== undefined) return { kind: "would_start", node: allocation.node };
  const wait = waitOf(next, demand.id);
  if (wait === undefined) throw new Error(`the decision on ${demand.id} neither admits nor refuses it, and it does not wait`);
  const { reason, place, turn, short, node } = wait;
  return { kind: "would_wait", reason, place, turn, short, node };
}
