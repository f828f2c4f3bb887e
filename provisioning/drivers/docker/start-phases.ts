import type { Phase } from "@guise/contract";
import type { Clock } from "#foundation";
import type { StartReport } from "#provisioning";

const MESSAGES = {
  sandbox: "starting the sandbox",
  network: "closing the network but for what is allowed",
  storage: "making the home ready",
} as const satisfies Partial<Record<Phase, string>>;

/** Reports each phase with the time that it took; phases overlap, and begin in their order. */
export class StartPhases {
  readonly #report: StartReport;
  readonly #clock: Clock;

  constructor(report: StartReport, clock: Clock) {
    this.#report = report;
    this.#clock = clock;
  }

  async run<T>(phase: keyof typeof MESSAGES, work: () => Promise<T>): Promise<T> {
    const begin = this.#clock.monotonic();
    this.#report.phaseStarted(phase, MESSAGES[phase]);
    const result = await work();
    this.#report.phaseFinished(phase, Math.round(this.#clock.monotonic() - begin));
    return result;
  }
}
