import type { Readings } from "./readings.ts";

/** What the reader's process is asked, one at a time. */
export interface ReaderQuestion {
  readonly kind: keyof Readings;
  readonly about: unknown;
}

export type ReaderAnswer = { readonly value: unknown } | { readonly gone: string };
