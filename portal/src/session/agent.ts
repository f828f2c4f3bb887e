import { PersonaAgent } from "@guise/agent";
import { uploadFetch } from "../files/upload-fetch.ts";

/** The agent of who is signed in to this browser. Rejects with AgentError: `not_authenticated`, `unreachable`. */
export function connectAgent(): Promise<PersonaAgent> {
  return PersonaAgent.connect({ broker: location.origin, token: { session: "browser" }, fetch: uploadFetch });
}
