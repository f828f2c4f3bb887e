import { performance } from "node:perf_hooks";

/** What each step of one piece of work took, in ms, for the log. */
export interface PhaseTimes {
  /** Gives what it took. */
  ended(phase: string): number;
  all(): Readonly<Record<string, number>>;
}

export function phaseTimes(): PhaseTimes {
  let last = performance.now();
  const times: Record<string, number> = {};
  return {
    ended(phase) {
      const now = performance.now();
      const took = Math.round(now - last);
      times[phase] = took;
      last = now;
      return took;
    },
    all: () => times,
  };
}
