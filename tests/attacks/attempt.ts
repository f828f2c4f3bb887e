import type { Target } from "./target.ts";

/** What an attempt needs beside a Guise that answers; one that lacks it is not tried, and that is printed. */
export type Need = "engine" | "provider" | "alone";

export const NEEDS: Readonly<Record<Need, string>> = {
  engine: "a real engine: --engine own",
  provider: "an identity provider whose key we hold: without --broker",
  alone: "a Guise that nobody else uses: without --broker",
};

/** How one attempt went: whether the installation did what is right, and what was seen. */
export interface Outcome {
  readonly right: boolean;
  readonly seen: string;
}

export interface Attempt {
  readonly what: string;
  readonly needs?: readonly Need[];
  try(target: Target): Promise<Outcome>;
}

/** Attempts of one kind, and the words for how each ended. */
export interface Area {
  readonly name: string;
  readonly right: "refused" | "held";
  readonly attempts: readonly Attempt[];
}
