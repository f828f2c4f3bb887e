import { Refusal } from "@guise/contract";
import type { Call } from "../call.ts";
import type { Route } from "../route.ts";

/** While Guise takes over what ran before, and while it stops, nothing is read or changed: what is in flux would be misread, and a wish would meet its recovery. */
export async function checkReady(call: Call, route: Route): Promise<void> {
  if (route.tag === "service" || route.tag === "identity" || call.services.ready()) return;
  throw new Refusal("unavailable", "Guise is starting or stopping; try again in a moment.");
}
