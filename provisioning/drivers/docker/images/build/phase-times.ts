import { performance } from "node:perf_hooks";

/** What each step of one piece of work took, in ms, for the log. */
export interface PhaseTimes {
  ended(phase: string): void;
  all(): Readonly<Record<string, number>>;
}

export function phaseTimes(): PhaseTimes {
  let last = performance.now();
  const times: Record<string, number> = {};
  return {
    ended(phase) {
      const now = performance.now();
      times[phase] = Math.round(now - last);
      last = now;
    },
    all: () => times,
  };
}
