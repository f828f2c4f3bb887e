import { type Amounts, addAmounts, type GivenOut, PRIORITIES, type Priority } from "@guise/contract";
import {
  type Advice,
  accountOf,
  advise,
  adviseResize,
  type Demand,
  lengthOf,
  type NotResized,
  queueOf,
  type Resized,
  type Snapshot,
  sentenceOf,
  type Waits,
  waitOf,
} from "#resource-manager";
import type { LoopContext } from "../context.ts";
import { besideHome, type ChargedHome, pinnedBy } from "../translate.ts";
import type { KnownNodes } from "./known-nodes.ts";

export interface WaitingView {
  readonly id: string;
  readonly place: number;
  readonly reason: "waiting_for_room" | "waiting_in_line";
  readonly message: string;
}

/** What somebody would ask for: the persona's own amounts, to which the engine's overhead is added here. */
export interface Question {
  readonly amounts: Amounts;
  readonly priority: Priority;
  readonly group: string;
  readonly person: string;
  readonly home?: ChargedHome | undefined;
}

export interface NodeFacts {
  readonly node: string;
  readonly capacity: Amounts;
  readonly allocated: Amounts;
  readonly free: Amounts;
  readonly assumed: readonly string[];
  readonly explained: Readonly<Record<string, string>>;
}

/** What is asked of the account by those who decide nothing: it is the one of the last decision, and only the next one binds. */
export class AccountView {
  readonly #context: Pick<LoopContext, "clock" | "driver">;
  readonly #nodes: Pick<KnownNodes, "assumedOf" | "explainedOf" | "rules">;
  #snapshot: Snapshot | undefined;

  constructor(context: Pick<LoopContext, "clock" | "driver">, nodes: Pick<KnownNodes, "assumedOf" | "explainedOf" | "rules">) {
    this.#context = context;
    this.#nodes = nodes;
  }

  show(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  /** Undefined until the first decision. */
  snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Would this start now? */
  advise({ amounts, priority, group, person, home }: Question): Advice {
    if (this.#snapshot === undefined) return { kind: "would_wait", reason: "waiting_for_room", place: 1, turn: 0, short: [], node: null };
    const { clock, driver } = this.#context;
    const demand: Demand = {
      id: "advice",
      amounts: addAmounts(besideHome(amounts, home), driver.overhead()),
      priority: PRIORITIES[priority],
      group,
      person,
      since: clock.now(),
      pinned: pinnedBy(home),
    };
    return advise(this.#snapshot, demand);
  }

  /** Would it get these amounts now? Those of the persona; what its home holds stays. */
  adviseResize(id: string, wanted: Amounts): Resized | NotResized {
    if (this.#snapshot === undefined) return { kind: "not_resized", id, node: null, short: [] };
    return adviseResize(this.#snapshot, { id, amounts: addAmounts(wanted, this.#context.driver.overhead()) });
  }

  waiting(id: string): WaitingView | undefined {
    const wait = this.#snapshot === undefined ? undefined : waitOf(this.#snapshot, id);
    return wait === undefined ? undefined : waitingView(wait);
  }

  /** In order: the first `most`, or all. */
  queue(most = Number.POSITIVE_INFINITY): readonly WaitingView[] {
    return this.#snapshot === undefined ? [] : queueOf(this.#snapshot, most).map(waitingView);
  }

  /** How many wait. */
  get length(): number {
    return this.#snapshot === undefined ? 0 : lengthOf(this.#snapshot);
  }

  /** How what a machine has becomes what may be given out of it. */
  get rules(): GivenOut {
    return this.#nodes.rules;
  }

  account(): readonly NodeFacts[] {
    if (this.#snapshot === undefined) return [];
    return accountOf(this.#snapshot).map((entry) => ({
      ...entry,
      assumed: this.#nodes.assumedOf(entry.node),
      explained: this.#nodes.explainedOf(entry.node),
    }));
  }
}

export function waitingView(wait: Waits): WaitingView {
  return { id: wait.id, place: wait.place, reason: wait.reason, message: sentenceOf(wait) };
}
