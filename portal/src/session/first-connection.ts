import type { PersonaAgent } from "@guise/agent";
import { connectAgent } from "./agent.ts";

/** Asked for as soon as this is read, while the page's own code is still being prepared: that takes as long as the answer. */
let first = location.pathname === "/sign-in" ? undefined : connectAgent();
// Who takes it hears of its failure.
first?.catch(() => {});

/** The connection that is under way, once; then another one. Rejects as `connectAgent` does. */
export function connection(): Promise<PersonaAgent> {
  const taken = first ?? connectAgent();
  first = undefined;
  return taken;
}
