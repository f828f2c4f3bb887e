import type { ApplicationKindFacts } from "./application-kind.ts";

/** A program that runs with arguments and ends. */
export const command: ApplicationKindFacts = {
  title: "a command",
  runsAs: undefined,
  joinedBy: "foreground",
  isSingle: false,
};
