import type { ApplicationKindFacts } from "./application-kind.ts";

/** A program in a pseudo-terminal of its own. */
export const terminal: ApplicationKindFacts = {
  title: "a terminal application",
  runsAs: "terminal",
  joinedBy: "terminal",
  isSingle: false,
};
