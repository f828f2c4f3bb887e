import type { LiveMessage } from "@guise/contract";
import { AgentError, hasCode } from "./agent-error.ts";
import { backOff } from "./back-off.ts";
import type { Socket } from "./socket.ts";
import type { Transport } from "./transport.ts";

export type LiveState =
  /** Messages come; the whole came first. */
  | { readonly state: "connected" }
  /** What is known may be old. It is being tried again. */
  | { readonly state: "lost"; readonly attempt: number; readonly error: AgentError }
  /** It is not tried again: nobody is signed in any more, or may do this. */
  | { readonly state: "ended"; readonly error: AgentError };

export interface LiveHandlers {
  message(message: LiveMessage): void;
  state?(state: LiveState): void;
}

export interface LiveFeed {
  /** Tries at once, where it waits to try again: the network is back. */
  retry(): void;
  /** Leaves the connection that there is for another: it may be dead without a word, after a machine slept or changed its network. */
  again(): void;
  close(): void;
}

/** Without a message for so long, in ms, the line is taken for dead; the broker says at least every 15 s that it stands. */
const LONGEST_SILENCE = 40_000;
const LONGEST_PAUSE = 3000;

export function followLive(transport: Transport, handlers: LiveHandlers): LiveFeed {
  const feed = new Feed(transport, handlers);
  void feed.run();
  return feed;
}

class Feed implements LiveFeed {
  readonly #transport: Transport;
  readonly #handlers: LiveHandlers;
  #closed = false;
  #socket: Socket | undefined;
  #pause = new AbortController();
  #leave: (() => void) | undefined;

  constructor(transport: Transport, handlers: LiveHandlers) {
    this.#transport = transport;
    this.#handlers = handlers;
  }

  async run(): Promise<void> {
    const { timing } = this.#transport.parts;
    for (let attempt = 0; !this.#closed; attempt++) {
      const error = await this.#once(() => {
        attempt = 0;
      });
      if (this.#closed) return;
      if (hasCode(error, "not_authenticated", "not_permitted")) return this.#handlers.state?.({ state: "ended", error });
      this.#handlers.state?.({ state: "lost", attempt, error });
      this.#pause = new AbortController();
      await timing.wait(backOff(attempt, timing.random, 100, LONGEST_PAUSE), this.#pause.signal);
    }
  }

  retry(): void {
    this.#pause.abort();
  }

  again(): void {
    this.#leave?.();
    this.#pause.abort();
  }

  close(): void {
    this.#closed = true;
    this.#pause.abort();
    this.#socket?.close();
  }

  /** Resolves with why it is over. */
  async #once(connected: () => void): Promise<AgentError> {
    const { promise, resolve } = Promise.withResolvers<AgentError>();
    const lost = () => resolve(new AgentError("unreachable", "The live connection to Guise broke off."));
    let silence: ReturnType<typeof setTimeout> | undefined;
    let begun = false;
    this.#leave = () => {
      this.#socket?.close();
      lost();
    };
    try {
      this.#socket = await this.#transport.socket("/live", {
        message: (data) => {
          clearTimeout(silence);
          silence = setTimeout(() => this.#leave?.(), LONGEST_SILENCE);
          if (!begun) this.#handlers.state?.({ state: "connected" });
          begun = true;
          connected();
          const message = messageFrom(data);
          if (message !== undefined && !this.#closed) this.#handlers.message(message);
        },
        closed: lost,
      });
      if (this.#closed) this.#socket.close();
      return await promise;
    } catch (error) {
      return await this.#whyRefused(error);
    } finally {
      clearTimeout(silence);
      this.#socket = undefined;
      this.#leave = undefined;
    }
  }

  /** A browser does not tell why a socket was refused; a request does. */
  async #whyRefused(error: unknown): Promise<AgentError> {
    const told = error instanceof AgentError ? error : new AgentError("unreachable", "The live connection was refused.", { cause: error });
    if (told.code !== "unreachable") return told;
    try {
      await this.#transport.openOnce("GET", "/me");
      return told;
    } catch (reason) {
      return reason instanceof AgentError ? reason : told;
    }
  }
}

/** Kinds that a newer broker sends are left to the handler to pass over. */
function messageFrom(data: string | Uint8Array): LiveMessage | undefined {
  try {
    return typeof data === "string" ? (JSON.parse(data) as LiveMessage) : undefined;
  } catch {
    return undefined;
  }
}
