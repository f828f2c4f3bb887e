import type { WorkspaceView } from "@guise/contract";

/** What an operator may do with somebody's workspace. */
export type Stop = "suspend" | "release";

type Standing = Pick<WorkspaceView, "state" | "desired" | "ready_at">;

/** Those that would change something; what is on its way out already needs none. */
export function stopsOf({ state, desired, ready_at }: Standing): readonly Stop[] {
  if (desired === "released" || state === "releasing" || state === "released") return [];
  const runs = state === "provisioning" || state === "ready" || (state === "queued" && ready_at !== undefined);
  return runs && desired === "ready" ? ["suspend", "release"] : ["release"];
}

/** What becomes of what is in it, in sentences. */
export function fateOf(stop: Stop, { generation }: Pick<WorkspaceView, "generation">): { readonly ends: string; readonly kept: string } {
  if (generation === 0) return { ends: "It has not started yet; nothing is lost.", kept: "Nothing, as nothing is there." };
  const ends = "Its programs end, and what they hold in memory. Documents that are not saved are lost.";
  if (stop === "suspend") return { ends, kept: "The home with its files, and the room on the disk for it. Its person can resume it." };
  return {
    ends: `${ends} Everything outside the home is deleted.`,
    kept: "The home with its files: its person gets it with the next request for this persona, and can delete it. It is listed under Homes.",
  };
}
