/** A web application, or a port, that a frame or a window of ours shows. */
export interface ShownOrigin {
  readonly origin: string;
  /** What lets the browser that told the challenge in. */
  readonly ticketFor: (challenge: string) => Promise<string>;
}

interface Told {
  readonly guise?: unknown;
  readonly challenge?: unknown;
}

/** The page at an application's origin that asks to be let in. */
export const OPEN_PATH = "/.guise/open";

export interface LettingIn {
  /** Its page asked and was answered, or what went wrong. */
  readonly done: (error?: unknown) => void;
  /** Its page asks once more; `give` answers it. */
  readonly again: (give: () => void) => void;
}

/**
 * Lets the application into its frame or window. Both sides know each other by window and origin. The first page there is Guise's own, which is
 * answered by itself; after it the application's own programs could ask too, and could hand on what they get: then the person is asked. Returns what
 * ends it.
 */
export function letIn({ origin, ticketFor }: ShownOrigin, windowOf: () => Window | null, { done, again }: LettingIn): () => void {
  let isFirst = true;
  const answer = (event: MessageEvent<Told | undefined>) => {
    const from = windowOf();
    if (from === null || event.source !== from || event.origin !== origin) return;
    const { guise, challenge } = event.data ?? {};
    if (guise !== "application" || typeof challenge !== "string") return;
    const give = async () => {
      from.postMessage({ guise: "ticket", ticket: await ticketFor(challenge) }, origin);
    };
    const begin = () => void give().then(() => done(), done);
    if (isFirst) begin();
    else again(begin);
    isFirst = false;
  };
  addEventListener("message", answer);
  return () => removeEventListener("message", answer);
}

/** In a window of its own, which asks once, and forgets this page then. Undefined where the browser opens none. */
export function openWindow(shown: ShownOrigin, failed: (error: unknown) => void): Window | undefined {
  const opened = window.open(`${shown.origin}${OPEN_PATH}`, "_blank");
  if (opened === null) return undefined;
  const end = letIn(shown, () => opened, {
    done(error) {
      end();
      if (error !== undefined) failed(error);
    },
    again() {},
  });
  return opened;
}
