import type { PersonaAgent } from "@guise/agent";

/** A web application that a frame or a window of ours shows. */
export interface ShownApplication {
  readonly workspace: string;
  readonly launch: string;
  readonly origin: string;
}

interface Told {
  readonly guise?: unknown;
  readonly challenge?: unknown;
}

/** The page at an application's origin that asks to be let in. */
export const OPEN_PATH = "/.guise/open";

/**
 * Lets the application into its frame or window, as often as its page asks: when it is opened, and again when its sign-in there has ended. Both
 * sides know each other by window and origin. `asked` is told of each time, and of what went wrong. Returns what ends it.
 */
export function letIn(
  agent: PersonaAgent,
  { workspace, launch, origin }: ShownApplication,
  windowOf: () => Window | null,
  asked: (error?: unknown) => void,
): () => void {
  const answer = (event: MessageEvent<Told | undefined>) => {
    const from = windowOf();
    if (from === null || event.source !== from || event.origin !== origin) return;
    const { guise, challenge } = event.data ?? {};
    if (guise !== "application" || typeof challenge !== "string") return;
    const give = async () => {
      const { ticket } = await (await agent.workspaceById(workspace)).ticket(launch, challenge);
      from.postMessage({ guise: "ticket", ticket }, origin);
    };
    give().then(() => asked(), asked);
  };
  addEventListener("message", answer);
  return () => removeEventListener("message", answer);
}

/** In a window of its own; it asks once, and forgets this page then. Undefined where the browser opens none. */
export function openWindow(agent: PersonaAgent, shown: ShownApplication, failed: (error: unknown) => void): Window | undefined {
  const opened = window.open(`${shown.origin}${OPEN_PATH}`, "_blank");
  if (opened === null) return undefined;
  const end = letIn(
    agent,
    shown,
    () => opened,
    (error) => {
      end();
      if (error !== undefined) failed(error);
    },
  );
  return opened;
}
