import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { applicationLabel, firstPath, isFromOwnOrigin, isSafeMethod } from "@guise/contract";
import type { Connect } from "./connect-stream.ts";
import { forwardRequest, forwardUpgrade, type Upstream, upstreamOf } from "./forward.ts";
import { cookieName, LocalSignIn } from "./local-sign-in.ts";
import { OPEN_PATH, OPEN_SCRIPT_PATH, postedTicket, sendOpened, sendOpenPage, sendOpenScript, sendText } from "./open-page.ts";

/** A launched web application that this machine's browser shall reach. */
export interface LocalApplication {
  readonly application: string;
  readonly workspace_id: string;
  /** What to open first. */
  readonly path?: string | undefined;
  readonly connect: Connect;
}

export interface LocalProxy {
  readonly port: number;
  /** A fresh one-time link per application. */
  links(): { application: string; url: string }[];
  close(): Promise<void>;
}

interface Site {
  readonly application: LocalApplication;
  readonly host: string;
  readonly origin: string;
  readonly signIn: LocalSignIn;
  readonly upstream: Upstream;
}

export interface LocalProxyOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly holdsCredential: (text: string) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Web applications of a workspace on 127.0.0.1, each under its own host name, each only for who opens its one-time link. */
export async function openLocalProxy(applications: readonly LocalApplication[], options: LocalProxyOptions): Promise<LocalProxy> {
  const sites = new Map<string, Site>();
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    void answer(siteOf(sites, request), request, response, port).catch(() => sendText(response, 502, "The workspace does not answer."));
  });
  server.on("upgrade", (request, socket, head) => upgrade(siteOf(sites, request), request, socket, head, port));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const ours = { isOurs: (name: string) => name.toLowerCase() === cookieName(port), holdsCredential: options.holdsCredential };
  for (const application of applications) {
    const host = `${applicationLabel(application.application, application.workspace_id)}.localhost:${port}`;
    const site = {
      application,
      host,
      origin: `http://${host}`,
      signIn: new LocalSignIn(options.now),
      upstream: upstreamOf(application.connect, ours),
    };
    sites.set(host, site);
  }
  return {
    port,
    links: () => [...sites.values()].map(linkTo),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const site of sites.values()) site.upstream.close();
      }),
  };
}

function linkTo({ application, origin, signIn }: Site): { application: string; url: string } {
  return { application: application.application, url: `${origin}${OPEN_PATH}#${signIn.ticket()}` };
}

function siteOf(sites: ReadonlyMap<string, Site>, request: IncomingMessage): Site | undefined {
  return sites.get(request.headers.host?.toLowerCase() ?? "");
}

async function answer(site: Site | undefined, request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  if (site === undefined) return sendText(response, 421, "No application has this address.");
  const [path = "/"] = (request.url ?? "/").split("?");
  if (path === OPEN_PATH || path.startsWith("/.guise/")) return openSite(site, path, request, response, port);
  if (!site.signIn.isSignedIn(request.headers, port)) {
    return sendText(response, 403, "Open the link that guise printed in the terminal.");
  }
  if (!isSafeMethod(request.method) && !isFromOwnOrigin(request.headers, site.origin)) {
    return sendText(response, 403, "This request comes from another page.");
  }
  forwardRequest(site.upstream, request, response);
}

async function openSite(site: Site, path: string, request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  if (request.method === "GET" && path === OPEN_PATH) return sendOpenPage(response);
  if (request.method === "GET" && path === OPEN_SCRIPT_PATH) return sendOpenScript(response);
  if (request.method !== "POST" || path !== OPEN_PATH) return sendText(response, 404, "There is nothing here.");
  if (!isFromOwnOrigin(request.headers, site.origin)) return sendText(response, 403, "This request comes from another page.");
  const ticket = await postedTicket(request);
  const session = ticket === undefined ? undefined : site.signIn.redeem(ticket);
  if (session === undefined) return sendText(response, 403, "This link was used, or is too old.");
  sendOpened(response, `${cookieName(port)}=${session}`, firstPath(site.application.path));
}

function upgrade(site: Site | undefined, request: IncomingMessage, socket: Duplex, head: Buffer, port: number): void {
  socket.on("error", () => socket.destroy());
  if (site === undefined) refuseUpgrade(socket, "421 Misdirected Request");
  else if (!site.signIn.isSignedIn(request.headers, port) || !isFromOwnOrigin(request.headers, site.origin))
    refuseUpgrade(socket, "403 Forbidden");
  else forwardUpgrade(site.upstream, request, socket, head);
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
