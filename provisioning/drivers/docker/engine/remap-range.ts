import { EngineError } from "./engine-errors.ts";

export const REMAP_LENGTH = 1_000_000;
/** Outside login.defs' SUB_UID range and systemd's ranges, below 2^31, which some tools still take for the end. */
const FIRST = 1_900_000_000;
const LAST = 2_146_000_000;

export interface IdRange {
  readonly user: string;
  readonly first: number;
  readonly length: number;
}

/** Lines of /etc/subuid or /etc/subgid; broken lines are passed over, as shadow's own tools do. */
export function parseRanges(text: string): IdRange[] {
  return text.split("\n").flatMap((line) => {
    const [user, first, length] = line.split(":");
    return user !== undefined && /^\d+$/.test(first ?? "") && /^\d+$/.test(length ?? "")
      ? [{ user, first: Number(first), length: Number(length) }]
      : [];
  });
}

/** The range that `user` holds in both lists, or undefined. */
export function heldRange(user: string, uids: readonly IdRange[], gids: readonly IdRange[]): number | undefined {
  const own = (range: IdRange) => range.user === user && range.length === REMAP_LENGTH;
  return uids.find((uid) => own(uid) && gids.some((gid) => own(gid) && gid.first === uid.first))?.first;
}

/** True when [base, base + 1,000,000) meets a range of anybody else, or an account's own id. */
export function overlaps(base: number, user: string, taken: readonly IdRange[]): boolean {
  return taken.some((range) => range.user !== user && range.first < base + REMAP_LENGTH && range.first + range.length > base);
}

export function freeRange(user: string, taken: readonly IdRange[]): number {
  for (let base = FIRST; base <= LAST; base += REMAP_LENGTH) if (!overlaps(base, user, taken)) return base;
  throw new EngineError("no_free_range", "No free range of 1,000,000 user ids was found. Look at: /etc/subuid and /etc/subgid");
}
