import { type Amounts, DIMENSIONS, type Dimension } from "@guise/contract";

/** What of a machine is kept from workspaces, and by how much the rest may be promised over. */
export interface CapacityRules {
  /** Units of `Amounts`. */
  readonly reserve?: Partial<Amounts>;
  readonly overcommit?: Partial<Record<Dimension, number>>;
}

/** A quarter of a core and 512 MiB for the engine, the agents of the machine and the kernel. */
export const DEFAULT_RESERVE: Amounts = Object.freeze({ cpu: 250, ram: 512 * 2 ** 20, storage: 0, ingress: 0, egress: 0 });

/** Workspaces mostly wait for a person, so cpu is shared out four times; what cannot be taken back (memory, disk) is not. */
export const DEFAULT_OVERCOMMIT: Amounts = Object.freeze({ cpu: 4, ram: 1, storage: 1, ingress: 1, egress: 1 });

/** What may be allocated of a machine: `(capacity − reserve) × overcommit` per dimension, a whole number, at least 0. */
export function usableCapacity(capacity: Amounts, rules: CapacityRules = {}): Amounts {
  const reserve = { ...DEFAULT_RESERVE, ...rules.reserve };
  const overcommit = { ...DEFAULT_OVERCOMMIT, ...rules.overcommit };
  const usable: Record<Dimension, number> = { ...capacity };
  for (const dimension of DIMENSIONS) {
    usable[dimension] = Math.max(0, Math.floor((capacity[dimension] - reserve[dimension]) * overcommit[dimension]));
  }
  return usable;
}
