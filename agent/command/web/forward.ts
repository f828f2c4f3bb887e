import { Agent, type ClientRequest, type IncomingMessage, request as openRequest, type ServerResponse, STATUS_CODES } from "node:http";
import { type Duplex, pipeline } from "node:stream";
import { type Ours, onwardAnswer, onwardRequest } from "@guise/contract";
import { type Connect, ConnectStream } from "./connect-stream.ts";
import { sendText } from "./open-page.ts";
import { unreachedText } from "./until-over.ts";

/** How requests reach one application. */
export interface Upstream {
  readonly agent: Agent;
  readonly ours: Ours;
  close(): void;
}

/** Connections into the workspace that are kept for the next request; a browser opens about six. */
const KEPT_CONNECTIONS = 6;

export function upstreamOf(connect: Connect, ours: Ours): Upstream {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: KEPT_CONNECTIONS });
  const openConnection = (_options: unknown, done: (error: Error | null, stream?: Duplex) => void) => {
    ConnectStream.open(connect).then((stream) => done(null, stream), done);
    return undefined;
  };
  return { agent: Object.assign(agent, { createConnection: openConnection }), ours, close: () => agent.destroy() };
}

/** One request and its answer, streamed both ways. */
export function forwardRequest(upstream: Upstream, request: IncomingMessage, response: ServerResponse): void {
  const headers = onwardRequest(request.rawHeaders, upstream.ours);
  // Without it the body of a GET would go on unframed, and be read as a second request.
  if (request.headers["transfer-encoding"] !== undefined) headers.push("Transfer-Encoding", "chunked");
  const onward = begin(upstream, request, headers);
  onward.on("response", (answer) => {
    // A pipeline into what has been closed already throws.
    if (response.destroyed) return void answer.destroy();
    try {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, onwardAnswer(answer.rawHeaders, upstream.ours));
    } catch (error) {
      // What Node does not send on, as a status that does not exist.
      return void onward.destroy(error instanceof Error ? error : undefined);
    }
    pipeline(answer, response, () => {});
  });
  // Nobody asked for another protocol; Node's own client would wait without end.
  onward.on("upgrade", (_answer, far) => {
    far.destroy();
    sendText(response, 502, unreachedText(new Error("it answers with another protocol")));
  });
  onward.on("error", (error) => sendText(response, 502, unreachedText(error)));
  response.on("close", () => onward.destroy());
  pipeline(request, onward, () => {});
}

/** A WebSocket (or another protocol) of the application. */
export function forwardUpgrade(upstream: Upstream, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const headers = onwardRequest(request.rawHeaders, upstream.ours);
  headers.push("Connection", "Upgrade", "Upgrade", request.headers.upgrade ?? "websocket");
  const onward = begin(upstream, request, headers);
  onward.on("upgrade", (answer, far, farHead) => {
    if (socket.destroyed) return void far.destroy();
    const kept = onwardAnswer(answer.rawHeaders, upstream.ours);
    kept.push("Connection", "Upgrade", "Upgrade", answer.headers.upgrade ?? "websocket");
    socket.write(headText(answer, kept));
    if (farHead.length > 0) socket.write(farHead);
    if (head.length > 0) far.write(head);
    pipeline(socket, far, () => {});
    pipeline(far, socket, () => {});
  });
  onward.on("response", (answer) => {
    if (socket.destroyed) return void answer.destroy();
    socket.write(headText(answer, [...onwardAnswer(answer.rawHeaders, upstream.ours), "Connection", "close"]));
    pipeline(answer, socket, () => {});
  });
  onward.on("error", () => socket.destroy());
  socket.on("close", () => onward.destroy());
  onward.end();
}

function begin(upstream: Upstream, request: IncomingMessage, headers: string[]): ClientRequest {
  return openRequest({ agent: upstream.agent, method: request.method, path: request.url, headers, setHost: false });
}

function headText(answer: IncomingMessage, headers: readonly string[]): string {
  const status = answer.statusCode ?? 502;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd()];
  for (let index = 0; index + 1 < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
