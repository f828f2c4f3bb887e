import type { PersonaAgent } from "@guise/agent";
import { createContext, useContext } from "react";
import type { LiveStore } from "../live/live-store.ts";

/** What every page behind the sign-in has. */
export interface Session {
  readonly agent: PersonaAgent;
  readonly live: LiveStore;
  signOut(): Promise<void>;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("this is shown only to who is signed in");
  return session;
}
