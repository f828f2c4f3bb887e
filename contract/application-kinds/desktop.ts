import type { ApplicationKindFacts } from "./application-kind.ts";

/** A program with windows, on a display. */
export const desktop: ApplicationKindFacts = {
  title: "a desktop application",
  runsAs: "server",
  joinedBy: "screen",
  isSingle: false,
  refusal: "needs a display; desktop applications are not launched here",
};
