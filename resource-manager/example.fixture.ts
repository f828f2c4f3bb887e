import type { Amounts } from "@guise/contract";
import type { Allocation, Change, Decision, Demand, Node } from "./model.ts";

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
  return { id, amounts: asked, priority: 200, group: "people", since: 0, pinned: null, preemptible: true, ...more };
}

export function allocation(id: string, on: string, asked: Amounts): Allocation {
  return { id, node: on, amounts: asked, priority: 200, group: "people", preemptible: true };
}

export const arrived = (asked: Demand): Change => ({ kind: "arrived", demand: asked });
export const released = (id: string): Change => ({ kind: "released", id });
export const withdrawn = (id: string): Change => ({ kind: "withdrawn", id });

/** A decision in one line: "a on n1", "b refused", "c waiting_for_room #1 n1". */
export function line(decision: Decision): string {
  switch (decision.kind) {
    case "admitted":
      return `${decision.id} on ${decision.node}`;
    case "refused":
      return `${decision.id} refused`;
    case "waits":
      return `${decision.id} ${decision.reason} #${decision.place} ${decision.node}`;
  }
}
