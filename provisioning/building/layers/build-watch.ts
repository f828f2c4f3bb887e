import { formatDuration } from "@guise/contract";
import type { Clock, Timer } from "#foundation";
import { type BuildReport, ProvisioningError } from "#provisioning";

/** How long a layer's build may say nothing, and how long it may take, ms. LibreOffice takes 4 minutes on two busy cores. */
export const LONGEST_SILENCE = 15 * 60_000;
export const LONGEST_BUILD = 2 * 3_600_000;
/** How often all of that, and the disk, is looked at, ms. */
const LOOK_EVERY = 2_000;

export interface BuildWatchOptions {
  readonly clock: Clock;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
  /** Rejects when the disk has become too full to go on. */
  readonly requireDisk: () => Promise<void>;
}

/**
 * Looks after one layer's build, for what a package's scripts do has no end by itself: one that says nothing, takes for ever or
 * fills the disk is called off. `signal` and `report` are the build's; `end` gives what it was called off for.
 */
export class BuildWatch {
  readonly signal: AbortSignal;
  readonly report: BuildReport;
  readonly #options: BuildWatchOptions;
  readonly #calledOff = new AbortController();
  readonly #began: number;
  #heard: number;
  #timer: Timer | undefined;
  #failure: unknown;

  constructor(options: BuildWatchOptions) {
    const { clock, report, signal } = options;
    this.#options = options;
    this.#began = clock.monotonic();
    this.#heard = this.#began;
    this.signal = AbortSignal.any([signal, this.#calledOff.signal]);
    const hear = () => {
      this.#heard = clock.monotonic();
    };
    this.report = {
      progress(message, percent) {
        hear();
        report.progress(message, percent);
      },
      downloaded(took) {
        hear();
        report.downloaded(took);
      },
      log(line) {
        hear();
        report.log(line);
      },
    };
    this.#lookLater();
  }

  /** No more looking. Gives the reason for which the build was called off, if it was. */
  end(): unknown {
    this.#timer?.cancel();
    this.#timer = undefined;
    return this.#failure;
  }

  #lookLater(): void {
    this.#timer = this.#options.clock.after(LOOK_EVERY, () => void this.#look(), { unref: true });
  }

  async #look(): Promise<void> {
    const timer = this.#timer;
    const failure = this.#tookTooLong() ?? (await this.#diskFault());
    // It may have ended while the disk was asked.
    if (this.#timer !== timer) return;
    if (failure === undefined) return this.#lookLater();
    this.#failure = failure;
    this.#calledOff.abort(failure);
  }

  #tookTooLong(): ProvisioningError | undefined {
    const now = this.#options.clock.monotonic();
    if (now - this.#heard >= LONGEST_SILENCE)
      return new ProvisioningError("image_build_failed", `the build said nothing for ${formatDuration(LONGEST_SILENCE)} and was ended`);
    if (now - this.#began >= LONGEST_BUILD)
      return new ProvisioningError("image_build_failed", `the build was not done after ${formatDuration(LONGEST_BUILD)} and was ended`);
    return undefined;
  }

  #diskFault(): Promise<unknown> {
    return this.#options.requireDisk().then(
      () => undefined,
      (error: unknown) => error,
    );
  }
}
