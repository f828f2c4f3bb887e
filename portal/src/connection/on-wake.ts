/** Ms between two looks at the clock, and what must have gone by since the last one where the machine slept: pages that nobody sees are seldom let look. */
const EVERY = 2_000;
const SLEPT = 15_000;
const SLEPT_UNSEEN = 90_000;

/**
 * Calls when connections may be dead without a word: the machine or the page slept, or the network is another. Gives what ends it.
 */
export function onWake(woke: () => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  addEventListener("online", woke, { signal });
  document.addEventListener("resume", woke, { signal });
  let last = Date.now();
  const timer = setInterval(() => {
    const since = Date.now() - last;
    last += since;
    if (hasSlept(since, document.visibilityState === "visible")) woke();
  }, EVERY);
  signal.addEventListener("abort", () => clearInterval(timer));
  return () => ending.abort();
}

/** Pure: from the ms since the last look. */
export function hasSlept(since: number, isSeen: boolean): boolean {
  return since > (isSeen ? SLEPT : SLEPT_UNSEEN);
}
