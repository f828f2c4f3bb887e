import { type Clock, delay } from "#foundation";

/** What comes of the work, or `late` where it takes longer than so many ms; the work itself goes on. Rejects as the work does. */
export async function answeredWithin<T>(clock: Clock, within: number, work: Promise<T>, late: T): Promise<T> {
  const ended = new AbortController();
  const tooLate = delay(clock, within, ended.signal).then(() => late);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    ended.abort();
    tooLate.catch(() => {});
  }
}
