import { formatDuration, USES, type WorkspaceView } from "@guise/contract";

type Idle = NonNullable<WorkspaceView["idle"]>;

/** "idle for 25 min (last use: something was typed or sent into it); suspended in 5 min, at 14:05, unless it is used". */
export function idleText({ uses, for: seconds, left, suspends_at }: Idle): string {
  const end = `suspended in ${duration(left)}, at ${clockText(suspends_at)}, unless it is used`;
  const last = uses[0];
  if (last === undefined) return end;
  return last.ago === 0 ? `in use: ${USES[last.use]}` : `idle for ${duration(seconds)} (last use: ${USES[last.use]}); ${end}`;
}

/** Every signal with its time, the newest first. */
export function usesText({ uses }: Idle): string {
  return uses.map(({ use, ago }) => `${USES[use]} ${ago === 0 ? "now" : `${duration(ago)} ago`}`).join("; ");
}

function duration(seconds: number): string {
  return formatDuration(seconds * 1000);
}

/** As the clock on this machine's wall shows it. */
function clockText(time: string): string {
  return new Date(time).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
