import { codeOf, repeat } from "#foundation";
import type { LoopContext } from "./context.ts";
import { destroySandbox } from "./steps/end.ts";
import { handleOf } from "./steps/handle.ts";

/** How often everything is compared with the engine and the database, ms. */
const PERIOD = 30_000;

export interface PatrolOptions {
  /** Whether somebody is moving the workspace now. */
  readonly isMoving: (workspace: string) => boolean;
  readonly wake: (workspace: string) => void;
  /** Besides looking at what is ready, on each round. */
  readonly round: () => Promise<void>;
}

/** Looks whether what is ready still runs whole: on hints of the engine, and all of it at intervals. What does not is made anew on its home. */
export class Patrol {
  readonly #context: LoopContext;
  readonly #options: PatrolOptions;
  readonly #looking = new Set<string>();
  readonly #again = new Set<string>();
  #stopped = false;
  #endRounds = async () => {};
  #stopHints: () => void = () => {};

  constructor(context: LoopContext, options: PatrolOptions) {
    this.#context = context;
    this.#options = options;
  }

  begin(): void {
    this.#stopHints = this.#context.driver.onHint((workspace) => {
      if (workspace !== undefined) this.#look(workspace);
    });
    const { clock, log } = this.#context;
    this.#endRounds = repeat({ clock, log, pause: PERIOD, failed: "a patrol did not finish" }, () => this.#round());
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#stopHints();
    return this.#endRounds();
  }

  /** Hints that come while it is being looked at share one further look: their number is not ours. */
  #look(id: string): void {
    if (this.#looking.has(id)) {
      this.#again.add(id);
      return;
    }
    this.#looking.add(id);
    this.#inspect(id)
      .catch((error) => {
        if (codeOf(error) !== "engine_unreachable")
          this.#context.log.warn({ err: error, workspace: id }, "a workspace could not be inspected");
      })
      .finally(() => {
        this.#looking.delete(id);
        if (this.#again.delete(id) && !this.#stopped) this.#look(id);
      });
  }

  async #inspect(id: string): Promise<void> {
    const { repository, driver, clock, ids } = this.#context;
    const row = await repository.workspace(id);
    if (row === undefined || row.state !== "ready" || row.desired !== "ready" || this.#options.isMoving(id)) return;
    const condition = await driver.inspect(handleOf(this.#context, row));
    if (condition.condition === "running" || this.#stopped) return;
    await destroySandbox(this.#context, row, { keepHome: true, grace: 0 });
    const message = condition.condition === "broken" ? condition.why : "the sandbox is gone";
    await repository.move({
      id,
      revision: row.revision,
      to: "provisioning",
      reason: "sandbox_lost",
      message,
      at: clock.now(),
      newGeneration: { engineName: ids.next("g", 16) },
    });
    this.#options.wake(id);
  }

  async #round(): Promise<void> {
    for (const row of await this.#context.repository.workspaces({ states: ["ready"] })) this.#look(row.id);
    await this.#options.round();
  }
}
