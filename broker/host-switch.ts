import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { pathOf, requireOneHost } from "./request-target.ts";

/** What serves hosts that are not the API's. */
export interface HostServer {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * The one place that decides by host who serves a request or an upgrade: what `serverOf` gives, else whoever listens already. A request whose host
 * is not plain goes to those, who refuse it.
 */
export function switchByHost(
  server: Server,
  event: "request" | "upgrade",
  serverOf: (host: string | undefined) => HostServer | undefined,
): void {
  const others = server.listeners(event);
  server.removeAllListeners(event);
  server.on(event, (request: IncomingMessage, ...rest: readonly unknown[]) => {
    const chosen = isPlain(request) ? chosenFor(request, serverOf) : undefined;
    if (chosen === undefined) for (const other of others) other.call(server, request, ...rest);
    else if (event === "request") chosen.request(request, rest[0] as ServerResponse);
    else chosen.upgrade(request, rest[0] as Duplex, rest[1] as Buffer);
  });
}

function chosenFor(request: IncomingMessage, serverOf: (host: string | undefined) => HostServer | undefined): HostServer | undefined {
  const { host } = request.headers;
  const path = pathOf(request);
  const chosen = serverOf(request.headers.host);
  // Whoever else serves it reads the target by himself.
  if (chosen === undefined) request.headers.host = host;
  else request.url = path;
  return chosen;
}

function isPlain(request: IncomingMessage): boolean {
  try {
    requireOneHost(request);
    return true;
  } catch {
    return false;
  }
}
