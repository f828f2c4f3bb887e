import type { Timing } from "../sdk/back-off.ts";

/** Real time without its pauses: what would be waited for comes in a millisecond. */
export const quickTiming: Timing = {
  now: () => performance.now(),
  random: () => 0,
  wait: () => new Promise((resolve) => setTimeout(resolve, 1)),
};
