import { AgentError } from "./agent-error.ts";

export interface SocketHandlers {
  message(data: string | Uint8Array): void;
  /** Called once, also after `close`; `clean` when the far side said goodbye. */
  closed(clean: boolean): void;
}

/** A WebSocket to the broker, as the SDK needs it. */
export interface Socket {
  /** Resolves when more may be sent. */
  send(data: string | Uint8Array): Promise<void>;
  /** Stops delivery until `resume`, where the platform can. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens one; rejects with an AgentError when the broker refuses. A browser sends its cookie instead of the headers. */
export type OpenSocket = (url: string, headers: Readonly<Record<string, string>>, handlers: SocketHandlers) => Promise<Socket>;

/** Bytes that may wait in the platform's own buffer before `send` holds its caller back. */
const SEND_WINDOW = 1024 * 1024;

/** The platform's WebSocket. It cannot pause, and does not tell why an upgrade was refused: a program in Node may bring a better one. */
export const platformSocket: OpenSocket = (url, headers, handlers) =>
  new Promise((resolve, reject) => {
    // Only Node takes headers; a browser takes its second argument for protocols.
    const socket =
      Object.keys(headers).length === 0 ? new WebSocket(url) : new WebSocket(url, { headers: { ...headers } } as unknown as string[]);
    socket.binaryType = "arraybuffer";
    let open = false;
    socket.addEventListener("open", () => {
      open = true;
      resolve(wrapped(socket));
    });
    socket.addEventListener("message", ({ data }) => handlers.message(data instanceof ArrayBuffer ? new Uint8Array(data) : String(data)));
    socket.addEventListener("close", ({ code }) => {
      if (open) handlers.closed(code === 1000);
      else reject(new AgentError("unreachable", "Guise did not open the stream."));
    });
    socket.addEventListener("error", () => {});
  });

function wrapped(socket: WebSocket): Socket {
  return {
    async send(data) {
      socket.send(data as string);
      // The platform has no event for a drained buffer.
      while (socket.bufferedAmount > SEND_WINDOW && socket.readyState === WebSocket.OPEN) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    pause() {},
    resume() {},
    close: () => socket.close(),
  };
}
