import type { Amounts } from "@guise/contract";
import type { Driver } from "#provisioning";
import { type Node, usableCapacity } from "#resource-manager";

/** Reserves and overcommit of a node (DESIGN §6). */
export interface CapacityPolicy {
  readonly reserve: Partial<Amounts>;
  readonly overcommit: Partial<Record<keyof Amounts, number>>;
}

/** The nodes as the engine said last, with what may be given out of them. */
export class KnownNodes {
  readonly #driver: Pick<Driver, "capacity">;
  readonly #policy: CapacityPolicy;
  #nodes: readonly Node[] = [];
  #assumed: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(driver: Pick<Driver, "capacity">, policy: CapacityPolicy) {
    this.#driver = driver;
    this.#policy = policy;
  }

  get all(): readonly Node[] {
    return this.#nodes;
  }

  /** Dimensions of a node whose amount is not known, only assumed. */
  assumedOf(node: string): readonly string[] {
    return this.#assumed.get(node) ?? [];
  }

  /** True when nodes came, went or changed. */
  async read(): Promise<boolean> {
    const capacities = await this.#driver.capacity();
    const usable = (amounts: Amounts) => usableCapacity(amounts, this.#policy);
    const before = JSON.stringify(this.#nodes);
    this.#nodes = capacities.map(({ node, capacity, ceiling }) => ({ node, capacity: usable(capacity), ceiling: usable(ceiling) }));
    this.#assumed = new Map(capacities.map(({ node, assumed }) => [node, assumed]));
    return JSON.stringify(this.#nodes) !== before;
  }
}
