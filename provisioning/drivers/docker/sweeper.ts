import { type Clock, type Log, repeat } from "#foundation";
import type { OwnedObject } from "./owned-objects.ts";

export const SWEEP_EVERY = 30_000;
/** After recovery, before the first sweep: a create whose caller died may still be completing. */
export const SWEEP_GRACE = 10_000;
/** What this process made itself is given longer: it may be half-way through making it. */
export const OWN_GRACE = 60_000;

export interface Alive {
  readonly run: string;
  readonly now: number;
  isAlive(workspace: string, generation: number): boolean;
  /** Guards that this process holds: pooled, or serving a sandbox. */
  readonly guards: ReadonlySet<string>;
}

/** What may be removed: mains and volumes of generations that do not live, guards that nobody holds or has joined to stay, builds of dead processes. Pure. */
export function sweepable(objects: readonly OwnedObject[], alive: Alive): OwnedObject[] {
  const old = objects.filter((object) => alive.now - object.created >= (object.run === alive.run ? OWN_GRACE : SWEEP_GRACE));
  const found = old.filter((object) => object.role !== "guard" && isLeft(object, alive));
  const joined = new Set(objects.filter((object) => !found.includes(object)).map(({ joins }) => joins));
  return [...found, ...old.filter(({ role, id }) => role === "guard" && !joined.has(id) && !alive.guards.has(id))];
}

function isLeft({ role, run, workspace, generation }: OwnedObject, alive: Alive): boolean {
  if (role === "build" || role === "build-guard") return run !== alive.run;
  return workspace === undefined || generation === undefined || !alive.isAlive(workspace, generation);
}

/** Runs `sweep` at intervals from the end of recovery on. A sweep that fails is tried again next time. */
export class Sweeper {
  readonly #turns: () => () => Promise<void>;
  #endTurns: (() => Promise<void>) | undefined;
  #isClosed = false;

  constructor({ sweep, clock, log }: { readonly sweep: () => Promise<void>; readonly clock: Clock; readonly log: Log }) {
    this.#turns = () => repeat({ clock, log, first: SWEEP_GRACE, pause: SWEEP_EVERY, failed: "a sweep failed" }, sweep);
  }

  begin(): void {
    if (!this.#isClosed) this.#endTurns ??= this.#turns();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#endTurns?.();
  }
}
