/** How a build goes, whose percentages follow what its parts are expected to take. */
export interface Going {
  /** Ms that it was expected to take when it was known what it has to make. */
  readonly expected: number;
  /** Ms since then. */
  readonly elapsed: number;
  /** Percent then, and now. */
  readonly from: number;
  readonly percent: number;
}

/** Ms that are left, likely: at first by what was expected, in the end by how it went. Pure. */
export function timeLeft({ expected, elapsed, from, percent }: Going): number {
  const done = from >= 100 ? 1 : Math.min(1, Math.max(0, (percent - from) / (100 - from)));
  // Of all that it takes, weighed by what is done: expected * (1 - done) + elapsed / done * done.
  const whole = done === 0 ? expected : expected * (1 - done) + elapsed;
  return Math.round(whole * (1 - done));
}
