import { type Amounts, type GivenOut, givenOutTexts } from "@guise/contract";
import type { Driver } from "#provisioning";
import { DEFAULT_OVERCOMMIT, DEFAULT_RESERVE, type Node, usableCapacity } from "#resource-manager";

/** Reserves and overcommit of a node. */
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
  #has: ReadonlyMap<string, Amounts> = new Map();

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

  /** How what a node has becomes what may be given out of it. */
  get rules(): GivenOut {
    return { kept: { ...DEFAULT_RESERVE, ...this.#policy.reserve }, times: { ...DEFAULT_OVERCOMMIT, ...this.#policy.overcommit } };
  }

  /** By dimension, in words with the numbers of that node. */
  explainedOf(node: string): Readonly<Record<string, string>> {
    const has = this.#has.get(node);
    return has === undefined ? {} : givenOutTexts(this.rules, has);
  }

  /** True when nodes came, went or changed. */
  async read(): Promise<boolean> {
    const capacities = await this.#driver.capacity();
    const usable = (amounts: Amounts) => usableCapacity(amounts, this.#policy);
    const before = JSON.stringify(this.#nodes);
    this.#nodes = capacities.map(({ node, capacity, ceiling }) => ({ node, capacity: usable(capacity), ceiling: usable(ceiling) }));
    this.#assumed = new Map(capacities.map(({ node, assumed }) => [node, assumed]));
    this.#has = new Map(capacities.map(({ node, capacity }) => [node, capacity]));
    return JSON.stringify(this.#nodes) !== before;
  }
}
