import type { ApplicationKindFacts } from "./application-kind.ts";

/** A program with windows, on a display of its own. */
export const desktop: ApplicationKindFacts = {
  title: "a desktop application",
  runsAs: "display",
  joinedBy: "screen",
  isSingle: true,
};
