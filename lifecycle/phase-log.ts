import type { Phase } from "@guise/contract";
import type { Clock } from "#foundation";
import type { StartReport } from "#provisioning";
import type { LiveEvents } from "./live-events.ts";

/** The times of one start's phases: told live as they happen, written with the next durable step. */
export class PhaseLog {
  readonly finished: { phase: Phase; took: number }[] = [];
  readonly #workspace: string;
  readonly #live: LiveEvents;
  readonly #clock: Clock;

  constructor(workspace: string, live: LiveEvents, clock: Clock) {
    this.#workspace = workspace;
    this.#live = live;
    this.#clock = clock;
  }

  started(phase: Phase, message: string): void {
    this.#live.publish({ kind: "phase_started", workspace: this.#workspace, state: "provisioning", phase, message });
  }

  progress(phase: Phase, message: string, percent: number | undefined): void {
    this.#live.publish({
      kind: "progress",
      workspace: this.#workspace,
      state: "provisioning",
      phase,
      message,
      ...(percent === undefined ? {} : { percent }),
    });
  }

  done(phase: Phase, took: number): void {
    const rounded = Math.round(took * 10) / 10;
    this.finished.push({ phase, took: rounded });
    this.#live.publish({
      kind: "progress",
      workspace: this.#workspace,
      state: "provisioning",
      phase,
      message: `${phase} done`,
      percent: 100,
    });
  }

  async time<T>(phase: Phase, message: string, work: () => Promise<T>): Promise<T> {
    const began = this.#clock.monotonic();
    this.started(phase, message);
    const result = await work();
    this.done(phase, this.#clock.monotonic() - began);
    return result;
  }

  report(storeHandle: StartReport["handle"]): StartReport {
    return {
      phaseStarted: (phase, message) => this.started(phase, message),
      phaseFinished: (phase, took) => this.done(phase, took),
      handle: storeHandle,
    };
  }
}
