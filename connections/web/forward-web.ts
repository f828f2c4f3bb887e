import { type ClientRequest, type IncomingMessage, request as openRequest, type ServerResponse, STATUS_CODES } from "node:http";
import { type Duplex, pipeline, type Readable, type Writable } from "node:stream";
import { type AnswerRules, isSafeMethod, type Ours, onwardAnswer, onwardRequest } from "@guise/contract";
import { codeOf } from "#foundation";
import type { WebUpstream } from "./web-upstream.ts";

export interface WebForward {
  readonly upstream: Pick<WebUpstream, "agent" | "upgrades">;
  readonly ours: Ours;
  readonly rules: AnswerRules;
  /** The application did not answer; nothing has been sent to the browser yet. */
  readonly failed: (error: Error) => void;
}

/** One request and its answer, streamed both ways. */
export function forwardRequest(forward: WebForward, request: IncomingMessage, response: ServerResponse): void {
  const { upstream, ours, rules, failed } = forward;
  const headers = onwardRequest(request.rawHeaders, ours);
  // Without it the body of a GET would go on unframed, and be read as a second request.
  if (request.headers["transfer-encoding"] !== undefined) headers.push("Transfer-Encoding", "chunked");
  const hasBody = request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
  const send = (isRetry: boolean): void => {
    const onward = begin(upstream.agent, request, headers);
    const left = () => onward.destroy();
    onward.on("response", (answer) => {
      guarded(onward, () => {
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, onwardAnswer(answer.rawHeaders, rules));
        // A stream of events is read as it comes.
        response.flushHeaders();
        carry(answer, response);
      });
    });
    // Nobody asked for another protocol; Node's own client would wait without end.
    onward.on("upgrade", (_answer, far) => {
      far.destroy();
      response.off("close", left);
      if (!response.destroyed) failed(new Error("the application answers with another protocol"));
    });
    onward.on("error", (error) => {
      response.off("close", left);
      if (response.headersSent || response.destroyed) response.destroy();
      // The application ended a kept connection just when it was used again.
      else if (onward.reusedSocket && !isRetry && !hasBody && isSafeMethod(request.method) && codeOf(error) === "ECONNRESET") send(true);
      else failed(error);
    });
    response.once("close", left);
    if (hasBody) carry(request, onward);
    else onward.end();
  };
  send(false);
}

/** A WebSocket, or another protocol, of the application. */
export function forwardUpgrade(forward: WebForward, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { upstream, ours, rules, failed } = forward;
  const protocol = request.headers.upgrade ?? "websocket";
  const onward = begin(upstream.upgrades, request, [
    ...onwardRequest(request.rawHeaders, ours),
    "Connection",
    "Upgrade",
    "Upgrade",
    protocol,
  ]);
  let isAnswered = false;
  onward.on("upgrade", (answer, far, farHead) => {
    isAnswered = true;
    const kept = [...onwardAnswer(answer.rawHeaders, rules), "Connection", "Upgrade", "Upgrade", answer.headers.upgrade ?? protocol];
    far.on("error", () => socket.destroy());
    socket.write(headText(answer, kept));
    if (farHead.length > 0) socket.write(farHead);
    if (head.length > 0) far.write(head);
    carry(socket, far);
    carry(far, socket);
  });
  onward.on("response", (answer) => {
    isAnswered = true;
    socket.write(headText(answer, [...onwardAnswer(answer.rawHeaders, rules), "Connection", "close"]));
    carry(answer, socket);
  });
  onward.on("error", (error) => (isAnswered ? socket.destroy() : failed(error)));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => onward.destroy());
  onward.end();
}

function begin(agent: WebUpstream["agent"], request: IncomingMessage, headers: string[]): ClientRequest {
  return openRequest({ agent, method: request.method, path: request.url, headers, setHost: false });
}

/** Whoever of both ends first ends the other. `pipeline` throws where one has ended already, and nobody could catch it. */
function carry(from: Readable, to: Writable): void {
  if (!to.destroyed && !from.destroyed) return void pipeline(from, to, () => {});
  from.destroy();
  to.destroy();
}

/** What an application answers may be what Node does not send on. */
function guarded(onward: ClientRequest, work: () => void): void {
  try {
    work();
  } catch (error) {
    onward.destroy(error instanceof Error ? error : undefined);
  }
}

/** The head of an answer over a connection that is no server's response any more. */
function headText(answer: IncomingMessage, headers: readonly string[]): string {
  const status = answer.statusCode ?? 502;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd()];
  for (let index = 0; index + 1 < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
