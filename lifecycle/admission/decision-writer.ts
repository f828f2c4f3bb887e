import { formatAmounts } from "@guise/contract";
import { codeOf } from "#foundation";
import type { WorkspaceRow, WorkspaceStep } from "#repository";
import { type Decision, type Resized, sentenceOf } from "#resource-manager";
import { workspacesById } from "../batched-reads.ts";
import type { LoopContext } from "../context.ts";

type Answer = Extract<Decision, { kind: "admitted" | "refused" }>;

export interface Written {
  /** Admitted, refused, or with their new amounts, as they are now. */
  readonly moved: readonly WorkspaceRow[];
  /** Admitted, and withdrawn meanwhile: nobody took the room that was given. */
  readonly unused: readonly string[];
}

/** How often rows that somebody moved meanwhile are read again before the whole account is. */
const TRIES = 3;

/** Writes what the Resource Manager decided: the rows of a decision are read together, and all of it is one step of the store. */
export class DecisionWriter {
  readonly #context: Pick<LoopContext, "repository" | "clock" | "ids">;

  constructor(context: Pick<LoopContext, "repository" | "clock" | "ids">) {
    this.#context = context;
  }

  async write(decisions: readonly Decision[]): Promise<Written> {
    for (let left = TRIES; ; left--) {
      try {
        return await this.#writeNow(decisions);
      } catch (error) {
        if (codeOf(error) !== "stale_revision" || left <= 1) throw error;
      }
    }
  }

  async #writeNow(decisions: readonly Decision[]): Promise<Written> {
    const { repository } = this.#context;
    const answers = decisions.filter((decision) => decision.kind === "admitted" || decision.kind === "refused");
    const resized = decisions.filter((decision) => decision.kind === "resized");
    const rows = await workspacesById(
      repository,
      [...answers, ...resized].map(({ id }) => id),
    );
    const steps = answers.flatMap((answer) => this.#answer(rows.get(answer.id), answer));
    steps.push(...resized.flatMap((decision) => this.#reallocation(rows.get(decision.id), decision)));
    const unused = await this.#unused(answers.filter(({ id, kind }) => kind === "admitted" && !isWaiting(rows.get(id))));
    return { moved: steps.length === 0 ? [] : await repository.moveAll(steps), unused };
  }

  async #unused(admitted: readonly Answer[]): Promise<readonly string[]> {
    if (admitted.length === 0) return [];
    const ids = admitted.map(({ id }) => id);
    const held = new Set((await this.#context.repository.allocations(ids)).map(({ workspace }) => workspace));
    return ids.filter((id) => !held.has(id));
  }

  #answer(row: WorkspaceRow | undefined, answer: Answer): readonly WorkspaceStep[] {
    if (row === undefined || !isWaiting(row)) return [];
    const base = { id: row.id, revision: row.revision, at: this.#context.clock.now() };
    if (answer.kind === "refused") return [{ ...base, to: "failing", reason: "start_failed", message: sentenceOf(answer) }];
    const step: WorkspaceStep = {
      ...base,
      to: "provisioning",
      reason: "starting",
      message: `admitted on ${answer.node}`,
      allocate: { node: answer.node, amounts: answer.amounts },
      newGeneration: { engineName: this.#context.ids.next("g", 16) },
    };
    return [step];
  }

  /** Of what is not ready any more nothing is written: it gives back what it has, and asks again when it is ready again. */
  #reallocation(row: WorkspaceRow | undefined, { amounts }: Resized): readonly WorkspaceStep[] {
    if (row?.state !== "ready" || row.desired !== "ready" || row.wantedDemand === undefined) return [];
    const message = `being resized to ${formatAmounts(row.wantedDemand)}`;
    return [{ id: row.id, revision: row.revision, to: "ready", at: this.#context.clock.now(), reallocate: amounts, message }];
  }
}

/** What is being given back is withdrawn by that; who is to be suspended starts first, unless it has files to be suspended with. */
function isWaiting(row: WorkspaceRow | undefined): boolean {
  return row !== undefined && row.state === "queued" && row.desired !== "released";
}
