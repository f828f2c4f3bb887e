import type { PersonaAgent, Workspace } from "../../sdk/index.ts";
import { UsageError } from "../usage-error.ts";

/** The port that a number, or what the persona calls one that is listened on, stands for. Throws UsageError where the portal can show none. */
export async function portAsked(agent: PersonaAgent, workspace: Workspace, text: string): Promise<number> {
  const port = await portOf(workspace, text);
  if (agent.me.applications_origin === undefined)
    throw new UsageError(
      "the portal shows no ports here: it has no origin for them",
      `guise forward ${workspace.id} ${port}, or ask an operator to set GUISE_APPLICATIONS_ORIGIN`,
      "A page of a workspace is shown at an origin of its own alone.",
    );
  return port;
}

async function portOf(workspace: Workspace, text: string): Promise<number> {
  if (/^\d+$/.test(text)) {
    const port = Number(text);
    if (port >= 1 && port <= 65_535) return port;
    throw new UsageError(`${text} is no port number`, "one from 1 to 65535, or what the persona calls it");
  }
  const listening = await workspace.ports();
  const named = listening.find(({ name }) => name === text);
  if (named !== undefined) return named.port;
  const there = listening.map(({ port, name }) => (name === undefined ? String(port) : `${port} (${name})`)).join(", ");
  throw new UsageError(
    `no port of ${workspace.id} is called ${text}, or nothing listens there yet`,
    there === "" ? "start your server first, then its number or name" : `one of ${there}`,
    "A name stands for a port that its persona calls so and that something listens on; a number opens any.",
  );
}
