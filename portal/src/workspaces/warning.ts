import type { WorkspaceView } from "@guise/contract";

/** What stands in the way of going on as before, in a few words; undefined: nothing. The page says more. */
export function warningOf({ state, shut, idle, home, data_access }: WorkspaceView): string | undefined {
  if (state === "failed") return "It has failed";
  if (state !== "ready") return undefined;
  if (shut !== undefined) return "Nobody can enter it";
  if (idle?.warned === true) return "It is paused soon, because nobody uses it";
  if (home?.state === "full") return "Its home is full";
  if (data_access?.some(({ state: access }) => access === "ended") === true) return "A data source is reached no more";
  return home?.state === "nearly_full" ? "Its home is nearly full" : undefined;
}
