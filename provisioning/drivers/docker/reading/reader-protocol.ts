import type { Readings } from "./readings.ts";

/** What the reader's process is asked, one at a time. */
export interface ReaderQuestion {
  readonly kind: keyof Readings;
  readonly about: unknown;
}

/** It can be asked: what it is asked from now on, it takes at once. */
export const READER_UP = "up";

export type ReaderAnswer = { readonly value: unknown } | { readonly gone: string };
