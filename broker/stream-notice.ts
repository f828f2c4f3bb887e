import { type LimitKind, limitNews, REASONS, type WorkspaceEvent } from "@guise/contract";

/** What somebody attached to a workspace is told beside the stream when this happens; undefined: nothing. Pure. */
export function streamNotice({ kind, state, reason, message, limit }: WorkspaceEvent): string | undefined {
  if (limit !== undefined) return SLOW.has(limit.limit) ? undefined : limitNews(limit);
  if (kind === "idle") return reason === undefined ? undefined : `this workspace is ${message}. Any key keeps it`;
  if (kind === "data_access") return message;
  if (kind !== "state" || (state !== "suspending" && state !== "releasing")) return undefined;
  const why = message ?? Object.entries(REASONS).find(([name]) => name === reason)?.[1];
  return `this workspace is ${ENDS[state]}${why === undefined ? "" : `: ${why}`}`;
}

const ENDS = { suspending: "being suspended", releasing: "being given back" } as const;

/** Whoever moves much is at these limits all the time, and loses nothing by it. */
const SLOW: ReadonlySet<LimitKind> = new Set(["ingress", "egress"]);
