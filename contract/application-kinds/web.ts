import type { ApplicationKindFacts } from "./application-kind.ts";

/** A server of HTTP on a loopback port inside. */
export const web: ApplicationKindFacts = {
  title: "a web application",
  runsAs: "server",
  joinedBy: "connection",
  isSingle: true,
};
