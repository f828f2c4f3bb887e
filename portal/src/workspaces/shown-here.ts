import { kindFacts } from "@guise/contract";

/** How a tab shows applications of a kind; undefined: not here. Web applications need origins of their own (`applications_origin` of who is signed in). */
export function shownHere(kind: string, applicationsOrigin: string | undefined): "terminal" | "web" | "desktop" | undefined {
  const { joinedBy } = kindFacts(kind);
  if (joinedBy === "terminal") return "terminal";
  if (joinedBy === "screen") return "desktop";
  return joinedBy === "connection" && applicationsOrigin !== undefined ? "web" : undefined;
}
