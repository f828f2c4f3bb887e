import type { Amounts } from "@guise/contract";
import { decide } from "./decide.ts";
import type { Allocation, Change, Decision, Demand, Node } from "./model.ts";
import { snapshotOf } from "./snapshot.ts";

/** Short forms for tests: amounts default to one small unit of everything, so that a test names only what it is about. */

const GIB = 2 ** 30;

/** Cpu in cores, ram in GiB; 1 GiB of storage and 1 Mbit/s each way unless told. */
export function amounts(cpu: number, ram: number, rest: Partial<Amounts> = {}): Amounts {
  return { cpu: cpu * 1000, ram: ram * GIB, storage: GIB, ingress: 1e6, egress: 1e6, ...rest };
}

export function node(name: string, cpu: number, ram: number): Node {
  return { node: name, capacity: { cpu: cpu * 1000, ram: ram * GIB, storage: 1000 * GIB, ingress: 1e9, egress: 1e9 } };
}

export function demand(id: string, asked: Amounts, more: Partial<Demand> = {}): Demand {
  return { id, amounts: asked, priority: 200, group: "people", person: id, since: 0, pinned: null, ...more };
}

export function allocation(id: string, on: string, asked: Amounts): Allocation {
  return { id, node: on, amounts: asked, priority: 200, group: "people", person: id };
}

export const arrived = (asked: Demand): Change => ({ kind: "arrived", demand: asked });
export const released = (id: string): Change => ({ kind: "released", id });
export const taken = (by: Allocation): Change => ({ kind: "allocated", allocation: by });
export const resized = (id: string, to: Amounts): Change => ({ kind: "resize", id, amounts: to });
export const withdrawn = (id: string): Change => ({ kind: "withdrawn", id });

/** A decision in one line: "a on n1", "b refused", "c waiting_for_room #1 n1". */
export function line(decision: Decision): string {
  switch (decision.kind) {
    case "admitted":
      return `${decision.id} on ${decision.node}`;
    case "refused":
      return `${decision.id} refused`;
    case "resized":
      return `${decision.id} resized`;
    case "not_resized":
      return `${decision.id} not resized: ${decision.short.map(({ dimension }) => dimension).join(",") || "held"}`;
    case "waits":
      return `${decision.id} ${decision.reason} #${decision.place} ${decision.node}`;
  }
}

/** Given these nodes and demands, expect these decisions. */
export interface Example {
  readonly given: string;
  readonly nodes: readonly Node[];
  readonly allocations?: readonly Allocation[];
  readonly queue?: readonly Demand[];
  /** How often a demand may be passed; by default never reached. */
  readonly limit?: number;
  /** Each list of changes is one decision. */
  readonly changes?: readonly (readonly Change[])[];
  /** What each decision says; the first speaks of the queue that was given. */
  readonly expect: readonly (readonly string[])[];
}

/** What is decided on the example, decision by decision. */
export function linesOf({ nodes, allocations = [], queue = [], limit = 100, changes = [] }: Example): readonly (readonly string[])[] {
  let snapshot = snapshotOf({ nodes, allocations, queue, settings: { bypassLimit: limit } });
  return [[], ...changes].map((batch) => {
    const result = decide(snapshot, batch);
    snapshot = result.snapshot;
    return result.decisions.map(line);
  });
}
