import type { WorkspaceView } from "@guise/contract";

export interface StopAct {
  readonly act: "release" | "suspend";
  /** What becomes of it, for its person. */
  readonly says: readonly string[];
}

/** One that was in use before is paused again, since its files are there; a first request is called off. */
export function whatStopDoes({ ready_at, state, keeps_home }: Pick<WorkspaceView, "ready_at" | "state" | "keeps_home">): StopAct {
  if (ready_at !== undefined) {
    const when = state === "queued" ? "It is paused again at once" : "It is paused again as soon as it has started";
    return { act: "suspend", says: [`${when}; its files stay as they are.`, "Resume goes on with it later."] };
  }
  const kept = keeps_home ? " A home that was kept from before stays." : "";
  return {
    act: "release",
    says: [`The request is called off: its place in the queue, and what was prepared so far, are given back.${kept}`],
  };
}
