import { createHash } from "node:crypto";

/** Beyond so many, a path that was not asked for before is nothing new: a page that makes one up for each look does not count for ever. */
const MOST_PATHS = 2000;
/** Bytes of what is kept of a path: two that look the same are one act too few among 10¹⁴. */
const KEPT_BYTES = 8;

/** The paths that were asked for in a workspace, and what was put there last. */
export class SeenPaths {
  /** By path; what was put, or nothing. */
  readonly #seen = new Map<string, string | undefined>();

  /** Whether it is asked for the first time. */
  isNew(path: string): boolean {
    const kept = keptOf(path);
    if (this.#seen.has(kept) || this.#seen.size >= MOST_PATHS) return false;
    this.#seen.set(kept, undefined);
    return true;
  }

  /** Whether something else is put there than before; `content` stands for it. */
  putsAnother(path: string, content: string): boolean {
    const kept = keptOf(path);
    if (!this.#seen.has(kept) || this.#seen.get(kept) === content) return false;
    this.#seen.set(kept, content);
    return true;
  }
}

function keptOf(path: string): string {
  return createHash("sha256").update(path).digest().toString("latin1", 0, KEPT_BYTES);
}
