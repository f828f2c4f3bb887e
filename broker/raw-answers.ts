import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ERRORS, type ErrorCode, Refusal } from "@guise/contract";
import { codeOf } from "#foundation";
import { problemOf } from "./problems.ts";

/** Faults that Node finds before there is a request that could be answered like others. */
const PARSER_FAULTS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ["head_too_large", "The address and the headers of the request are longer than 16 KiB."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["payload_too_large", "The chunks of the body carry more than their content."],
  ERR_HTTP_REQUEST_TIMEOUT: ["too_slow", "The headers of the request did not arrive in time."],
};
const NOT_HTTP: readonly [ErrorCode, string] = ["invalid", "This is not a request of HTTP/1.1."];

export interface RawAnswersOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly nextId: () => string;
}

/** Problem details for what never becomes a request of the app: what the parser refuses, tunnels, and expectations that nobody meets. */
export function answerRaw(server: Server, options: RawAnswersOptions): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => answers.set(socket, response));
  server.on("clientError", (error: Error, socket: Duplex) => {
    const answer = answers.get(socket);
    // Nothing may be written into an answer that has begun.
    const hasBegun = answer?.headersSent === true && !answer.writableFinished;
    if (codeOf(error) === "ECONNRESET" || !socket.writable || hasBegun) socket.destroy();
    else refuse(socket, options, ...(PARSER_FAULTS[codeOf(error) ?? ""] ?? NOT_HTTP));
  });
  server.on("connect", (_request: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => {});
    refuse(socket, options, "method_not_allowed", "Guise is no proxy: it takes no CONNECT.");
  });
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    const { head, body } = textOf(options, "invalid", "The request expects what is not met here; only 100-continue is.");
    response.writeHead(ERRORS.invalid.status, { ...head, connection: "close" }).end(body);
  });
}

function refuse(socket: Duplex, options: RawAnswersOptions, code: ErrorCode, message: string): void {
  const { head, body } = textOf(options, code, message);
  const lines = Object.entries({ ...head, connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${ERRORS[code].status} Refused\r\n${lines.join("")}\r\n${body}`);
  // What is still being sent is not waited for.
  socket.once("finish", () => socket.destroy());
}

function textOf({ headers, nextId }: RawAnswersOptions, code: ErrorCode, message: string) {
  const id = nextId();
  const body = JSON.stringify(problemOf(new Refusal(code, message), id));
  const head = {
    ...headers,
    "x-request-id": id,
    "content-type": "application/problem+json",
    "content-length": String(Buffer.byteLength(body)),
  };
  return { head, body };
}
