import { type BuildReport, ProvisioningError } from "#provisioning";

interface Running<T> {
  readonly done: Promise<T>;
  readonly reports: Set<BuildReport>;
  readonly stop: AbortController;
}

/**
 * One piece of work per key at a time: whoever asks while it runs joins it and is told of its progress from then on.
 * It is cancelled when everybody who waits for it has given up, not before.
 */
export class JoinedWork<T> {
  readonly #running = new Map<string, Running<T>>();

  /** Rejects `cancelled` when the caller's own signal comes, whatever becomes of the work. */
  async run(
    key: string,
    report: BuildReport,
    signal: AbortSignal | undefined,
    work: (report: BuildReport, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (isAborted(signal)) throw cancelled();
    const running = this.#running.get(key) ?? this.#start(key, work);
    // a report of its own each time: the same caller may wait twice
    const own: BuildReport = {
      progress: (message, percent) => report.progress(message, percent),
      downloaded: (took) => report.downloaded(took),
      log: (line) => report.log(line),
    };
    running.reports.add(own);
    let gaveUp = () => {};
    const aborted = new Promise<never>((_, reject) => {
      gaveUp = () => reject(cancelled());
      signal?.addEventListener("abort", gaveUp, { once: true });
    });
    try {
      return await Promise.race([running.done, aborted]);
    } catch (error) {
      if (!isAborted(signal)) throw error;
      running.reports.delete(own);
      if (running.reports.size > 0) throw error;
      this.#forget(key, running);
      running.stop.abort();
      await running.done.catch(() => undefined);
      throw error;
    } finally {
      running.reports.delete(own);
      signal?.removeEventListener("abort", gaveUp);
    }
  }

  #start(key: string, work: (report: BuildReport, signal: AbortSignal) => Promise<T>): Running<T> {
    const reports = new Set<BuildReport>();
    const stop = new AbortController();
    const all: BuildReport = {
      progress: (message, percent) => reports.forEach((report) => void report.progress(message, percent)),
      downloaded: (took) => reports.forEach((report) => void report.downloaded(took)),
      log: (line) => reports.forEach((report) => void report.log(line)),
    };
    // begins in the next turn, so that its first words reach whoever asked
    const done = Promise.resolve().then(() => work(all, stop.signal));
    const running: Running<T> = { done, reports, stop };
    this.#running.set(key, running);
    const forget = () => this.#forget(key, running);
    done.then(forget, forget);
    return running;
  }

  #forget(key: string, running: Running<T>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
  }
}

function cancelled(): ProvisioningError {
  return new ProvisioningError("cancelled", "the build was cancelled");
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
