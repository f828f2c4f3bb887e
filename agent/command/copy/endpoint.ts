import { PERSONA_ID_PATTERN } from "@guise/contract";
import { UsageError } from "../usage-error.ts";

/** One side of `guise cp`. */
export type Endpoint =
  | { readonly side: "here"; readonly path: string }
  | { readonly side: "workspace"; readonly persona: string; readonly path: string };

/** `data-analyst:out/report.csv` lies in a workspace; all else here. `./a:b` names a file here whose name has a colon. */
export function endpointOf(text: string): Endpoint {
  const colon = text.indexOf(":");
  const before = text.slice(0, Math.max(0, colon));
  if (!PERSONA_ID_PATTERN.test(before)) return { side: "here", path: text };
  const path = text.slice(colon + 1);
  return { side: "workspace", persona: before, path: path === "" ? "~/" : path };
}

const EXAMPLE = "guise cp report.csv data-analyst:work/ or guise cp data-analyst:out .";

/** Exactly one side lies in a workspace. Throws UsageError. */
export function checkEndpoints(from: Endpoint, to: Endpoint): void {
  if (from.side === "here" && to.side === "here") throw new UsageError("neither side names a workspace", EXAMPLE);
  if (from.side === "workspace" && to.side === "workspace") {
    throw new UsageError("both sides lie in workspaces", "copy to this machine first, then on");
  }
  if (from.path === "" || to.path === "") throw new UsageError("a path is empty", EXAMPLE);
}
