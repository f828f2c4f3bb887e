import type { Reason, WorkspaceState } from "@guise/contract";
import { TRANSITIONS } from "#workspace";

/** A state from which a step may come; with `reasons`, only while the row's own reason is one of them. */
export interface Source {
  readonly from: WorkspaceState;
  readonly reasons?: readonly Reason[];
}

/**
 * From where the table lets a step into `to` come. A step that names no reason keeps the row's, so that one must do for the target.
 * A step into the present state changes the reason alone; released is the end.
 */
export function allowedSources(to: WorkspaceState, reason: Reason | undefined): readonly Source[] {
  const sources: Source[] = to === "released" ? [] : [{ from: to }];
  for (const transition of TRANSITIONS) {
    if (transition.to !== to || transition.from === null) continue;
    if (reason !== undefined && transition.reasons.includes(reason)) sources.push({ from: transition.from });
    if (reason !== undefined) continue;
    if (transition.reasons.length === 0) sources.push({ from: transition.from });
    else sources.push({ from: transition.from, reasons: transition.reasons });
  }
  return sources;
}
