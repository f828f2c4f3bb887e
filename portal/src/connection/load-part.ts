/** Ms between two tries, and for which an answer is waited when one failed. */
const PAUSE = 500;
const ANSWERS_WITHIN = 3_000;
/** Tries while Guise answers: what a part needs is asked for one after another, and each may have been lost when the network changed. */
const MOST_TRIES = 5;

export interface LoadPartTools {
  /** Whether Guise answers anything. */
  readonly answers: () => Promise<boolean>;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export const inBrowser: LoadPartTools = {
  answers: () =>
    fetch("/livez", { signal: AbortSignal.timeout(ANSWERS_WITHIN), cache: "no-store" }).then(
      () => true,
      () => false,
    ),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/**
 * A part of the page that is loaded when it is needed. Without a connection it is tried again until there is one; rejects when Guise
 * answers and the part cannot be had all the same: it belongs to an earlier version.
 */
export async function loadPart<Part>(load: () => Promise<Part>, { answers, wait }: LoadPartTools = inBrowser): Promise<Part> {
  let answered = 0;
  for (;;) {
    try {
      return await load();
    } catch (error) {
      if ((await answers()) && ++answered === MOST_TRIES) throw error;
      await wait(PAUSE);
    }
  }
}
