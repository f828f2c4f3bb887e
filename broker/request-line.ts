import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { TurnSocket } from "./turn-socket.ts";

type Asked = readonly [IncomingMessage, ServerResponse];

/**
 * Begins the requests of one connection one after the other, each in a turn of its own. While one waits for the answer to the one before,
 * the connection is not read: so no more wait than one slice of it holds.
 */
export function answerOneByOne(server: Server): void {
  const handlers = server.listeners("request");
  const lines = new WeakMap<Duplex, Asked[]>();
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const socket: Duplex = request.socket;
    const line = lines.get(socket);
    if (line === undefined) {
      lines.set(socket, []);
      begin([request, response]);
      return;
    }
    line.push([request, response]);
    if (socket instanceof TurnSocket) socket.hold();
  });

  function begin(asked: Asked): void {
    const [request, response] = asked;
    const socket: Duplex = request.socket;
    response.once("close", () => {
      const line = lines.get(socket);
      const next = line?.shift();
      if (next === undefined) lines.delete(socket);
      else setImmediate(begin, next);
      if (line?.length === 0 && socket instanceof TurnSocket) socket.release();
    });
    if (!socket.destroyed) for (const handler of handlers) handler.apply(server, [...asked]);
  }
}
