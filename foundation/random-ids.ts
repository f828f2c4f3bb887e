import { randomBytes } from "node:crypto";

/** Source of names and ids; tests give a counted one. */
export interface Ids {
  /** `prefix-` and `length` characters of [a-z2-7], 5 random bits each. */
  next(prefix: string, length?: number): string;
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** 20 characters are 100 random bits: fit for host names, never reused. */
export const randomIds: Ids = {
  next(prefix, length = 20) {
    let text = "";
    for (const byte of randomBytes(length)) text += ALPHABET[byte & 31];
    return `${prefix}-${text}`;
  },
};

export function countedIds(): Ids {
  let count = 0;
  return { next: (prefix) => `${prefix}-${String(++count).padStart(6, "0")}` };
}
