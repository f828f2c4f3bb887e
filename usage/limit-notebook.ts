import type { LimitNote } from "@guise/contract";

/** What happens again within so many ms is counted in the note that is there. */
const TOGETHER = 60_000;
/** Notes that are kept of one workspace. */
const MOST_NOTES = 10;

/** The limits that one workspace hit lately: one note per kind and minute. */
export class LimitNotebook {
  /** The newest first; `since`: ms since the epoch, of what it was written for. */
  #notes: readonly { readonly since: number; readonly note: LimitNote }[];

  /** `earlier`, the newest first. */
  constructor(earlier: readonly LimitNote[] = []) {
    this.#notes = earlier.map((note) => ({ since: Date.parse(note.at), note }));
  }

  get notes(): readonly LimitNote[] {
    return this.#notes.map(({ note }) => note);
  }

  /** `isNew`: it is to be told; else it was counted in one that was told within the last minute. */
  add(happened: LimitNote): { readonly note: LimitNote; readonly isNew: boolean } {
    const at = Date.parse(happened.at);
    const known = this.#notes.find(({ note }) => note.limit === happened.limit);
    const joins = known !== undefined && at - known.since < TOGETHER;
    const since = joins ? known.since : at;
    const note = joins ? { ...happened, count: known.note.count + happened.count } : happened;
    const others = joins ? this.#notes.filter((one) => one !== known) : this.#notes;
    this.#notes = [{ since, note }, ...others].slice(0, MOST_NOTES);
    return { note, isNew: !joins };
  }
}
