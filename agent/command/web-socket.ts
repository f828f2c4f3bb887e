import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { errorFromAnswer, type OpenSocket, type Socket, unreachable } from "../sdk/index.ts";

/** A peer that answers no ping for so long, in ms, is gone; without this a dead network would hold a terminal for minutes. */
const PING_EVERY = 20_000;
/** How long, in ms, the far side may take to say goodbye. */
const GOODBYE = 1000;
/** The longest message that is taken. */
const LONGEST_MESSAGE = 16 * 1024 * 1024;
const LONGEST_REFUSAL = 64 * 1024;

/** WebSockets with back-pressure both ways, and the broker's own words when it refuses. */
export const openWebSocket: OpenSocket = (url, headers, handlers) =>
  new Promise((resolve, reject) => {
    const options = { headers: { ...headers }, perMessageDeflate: false, maxPayload: LONGEST_MESSAGE, followRedirects: false };
    const socket = new WebSocket(url, options);
    socket.on("open", () => {
      watchPeer(socket);
      socket.on("close", (code) => handlers.closed(code === 1000));
      resolve(wrapped(socket));
    });
    socket.on("message", (data: Buffer, binary: boolean) => handlers.message(binary ? data : data.toString("utf8")));
    socket.on("error", (error) => reject(unreachable(new URL(url).host, error)));
    socket.on("unexpected-response", (_request, answer) => {
      void refusal(answer).then((body) => {
        reject(errorFromAnswer(answer.statusCode ?? 500, body, answer.headers["retry-after"] ?? null));
        socket.terminate();
      });
    });
  });

async function refusal(answer: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const piece of answer.setEncoding("utf8")) {
      text += piece;
      if (text.length > LONGEST_REFUSAL) break;
    }
  } catch {
    // What arrived of the reason is told; the status stands anyway.
  }
  return text;
}

function watchPeer(socket: WebSocket): void {
  let alive = true;
  socket.on("pong", () => {
    alive = true;
  });
  const timer = setInterval(() => {
    // While we hold it paused, nothing is read, pongs neither.
    if (socket.isPaused) return;
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_EVERY);
  socket.on("close", () => clearInterval(timer));
}

function wrapped(socket: WebSocket): Socket {
  return {
    send: (data) =>
      new Promise((resolve, reject) => {
        socket.send(data, { binary: typeof data !== "string" }, (error) => {
          if (error === undefined || error === null) resolve();
          else reject(unreachable(new URL(socket.url).host, error));
        });
      }),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close() {
      socket.close();
      // A dead network never answers the goodbye.
      setTimeout(() => socket.terminate(), GOODBYE).unref();
    },
  };
}
