import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { cookiesIn, firstPath, isFromOwnOrigin, isSafeMethod } from "@guise/contract";
import { decide, type Principal } from "#access";
import { forwardRequest, forwardUpgrade, type WebForward } from "#connections";
import { messageOf } from "#foundation";
import type { Services } from "../services.ts";
import { StreamGuard } from "../stream-guard.ts";
import { workspaceResource } from "../workspace-resource.ts";
import type { ApplicationParts } from "./application-parts.ts";
import type { Addressed } from "./application-places.ts";
import type { ApplicationTarget } from "./application-targets.ts";
import { digestOf, newNonce } from "./application-tickets.ts";
import { GO_PATH, OPEN_PATH, OPEN_SCRIPT, OPEN_SCRIPT_PATH, OWN_PATHS, openPage, ownPageHeaders, unreachedPage } from "./open-page.ts";

const NONCE_COOKIE = "__Host-guise-nonce";
const PASS_COOKIE = "__Host-guise-application";
/** Of both: kept inside the portal's page too, and there for that page alone. */
const COOKIE = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned";
const NONCE_LIFE = 600;
const LONGEST_TICKET = 200;
const isOurs = (name: string) => name.toLowerCase().startsWith("__host-guise-");

/** A request that may go on: who sends it, and to what. */
interface Admitted {
  readonly principal: Principal;
  readonly target: ApplicationTarget;
}

/** Statuses: programs ask again after the first, and give up what they had after the second. */
const NOT_NOW = 503;
const NOT_THERE = 409;

interface NotAdmitted {
  readonly status: typeof NOT_NOW | typeof NOT_THERE;
  /** For people. */
  readonly why: string;
}

/**
 * Serves the origins of web applications. A browser is let in by a pass, in a cookie that only the portal's page can get for it; whatever another
 * page makes a browser send is never handed on: the application sees requests of its own pages alone.
 */
export class ApplicationDoor {
  readonly #services: Services;
  readonly #parts: ApplicationParts;

  constructor(services: Services, parts: ApplicationParts) {
    this.#services = services;
    this.#parts = parts;
  }

  async request(addressed: Addressed, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    if (path === OPEN_SCRIPT_PATH) return this.#send(response, 200, "text/javascript", OPEN_SCRIPT);
    if (path === OPEN_PATH && request.method === "POST") return this.#redeem(addressed, request, response);
    const principal = await this.#holder(addressed, request);
    if (path === GO_PATH && principal !== undefined) return this.#go(request, response);
    if (path !== OPEN_PATH && path !== GO_PATH && path.startsWith(OWN_PATHS)) return this.#say(response, 404, "There is nothing here.");
    const isNavigation = request.method === "GET" && request.headers["sec-fetch-mode"] === "navigate";
    if (principal === undefined || path === OPEN_PATH || !isAskedHere(request)) {
      if (isNavigation) return this.#open(addressed, request, response, principal !== undefined && path !== OPEN_PATH);
      return this.#say(response, 403, "Open this application from its workspace in Guise.");
    }
    if (!isSafeMethod(request.method) && !this.#isOwnPage(addressed, request))
      return this.#say(response, 403, "This request comes from another page.");
    // It would answer in the place of our own pages here, from then on.
    if (request.headers["service-worker"] === "script" && path.lastIndexOf("/") === 0)
      return this.#say(response, 403, "A service worker for the whole origin is not let in; one in a folder is.");
    const admitted = await this.#admit(addressed, principal);
    if ("why" in admitted) {
      if (!isNavigation) return this.#say(response, admitted.status, admitted.why);
      return this.#send(response, admitted.status, "text/html", unreachedPage(admitted.why, this.#linkTo(addressed)));
    }
    this.#guard(admitted, response, () => response.destroy());
    const failed = (error: Error) => {
      this.#services.log.debug({ err: error, workspace: addressed.workspace }, "a web application did not answer");
      const message = "The application does not answer.";
      if (isNavigation) this.#send(response, 502, "text/html", unreachedPage(message, this.#linkTo(addressed)));
      else this.#say(response, 502, message);
    };
    forwardRequest(this.#forward(admitted, failed), request, response);
  }

  async upgrade(addressed: Addressed, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const principal = await this.#holder(addressed, request);
    if (principal === undefined || !this.#isOwnPage(addressed, request)) return refuseUpgrade(socket, "403 Forbidden");
    const admitted = await this.#admit(addressed, principal);
    if ("why" in admitted) return refuseUpgrade(socket, admitted.status === NOT_NOW ? "503 Service Unavailable" : "409 Conflict");
    const free = this.#services.slots.take(principal.id);
    if (free === undefined) return refuseUpgrade(socket, "429 Too Many Requests");
    socket.once("close", free);
    if (socket.destroyed) return free();
    this.#guard(admitted, socket, () => socket.destroy());
    forwardUpgrade(
      this.#forward(admitted, () => refuseUpgrade(socket, "502 Bad Gateway")),
      request,
      socket,
      head,
    );
  }

  async #holder({ host }: Addressed, request: IncomingMessage): Promise<Principal | undefined> {
    const pass = cookieOf(request, PASS_COOKIE);
    const principal = pass === undefined ? undefined : await this.#parts.passes.holderOf(pass, host);
    if (principal !== undefined) this.#services.connections.signedIn(request.socket, principal.id);
    return principal;
  }

  /** Why not, for people, or who and what. A foreign application answers as an absent one. */
  async #admit(addressed: Addressed, principal: Principal): Promise<Admitted | NotAdmitted> {
    if (!this.#services.ready()) return { status: NOT_NOW, why: "Guise is starting or stopping; try again in a moment." };
    const target = await this.#parts.targets.find(addressed);
    const resource = target === undefined ? undefined : workspaceResource(target.workspace);
    if (target === undefined || !decide("open_application", principal, resource).allowed)
      return { status: NOT_THERE, why: "There is no such application, or it is not yours." };
    const { state } = target.workspace;
    if (state !== "ready") return { status: state === "provisioning" ? NOT_NOW : NOT_THERE, why: `Its workspace is ${state}.` };
    return target.web === undefined ? { status: NOT_THERE, why: "The application has ended." } : { principal, target };
  }

  #forward({ target: { workspace, web } }: Admitted, failed: (error: Error) => void): WebForward {
    const upstream = this.#services.streams.web(workspace, web?.port ?? 0);
    const ours = { isOurs, holdsCredential: () => false };
    return { upstream, ours, rules: { isOurs, framedBy: this.#services.portal.origin }, failed };
  }

  /** What lasts ends when the right to it is lost, or Guise stops. */
  #guard({ principal, target }: Admitted, until: ServerResponse | Duplex, lost: () => void): void {
    const { closing } = this.#services;
    const resource = workspaceResource(target.workspace);
    const guard = new StreamGuard(this.#services, { principal, permission: "open_application", resource, lost });
    closing.addEventListener("abort", lost, { once: true });
    until.once("close", () => {
      guard.stop();
      closing.removeEventListener("abort", lost);
    });
  }

  #open({ host, workspace }: Addressed, request: IncomingMessage, response: ServerResponse, isSignedIn: boolean): void {
    const nonce = cookieOf(request, NONCE_COOKIE) ?? newNonce();
    const portal = this.#services.portal.origin;
    response.setHeader("set-cookie", `${NONCE_COOKIE}=${nonce}; ${COOKIE}; Max-Age=${NONCE_LIFE}`);
    this.#send(response, 200, "text/html", openPage({ portal, challenge: digestOf(nonce), workspace, isSignedIn }));
    this.#services.log.debug({ host }, "the page before a web application was sent");
  }

  async #redeem(addressed: Addressed, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isOwnPage(addressed, request)) return this.#say(response, 403, "This request comes from another page.");
    const ticket = await shortBody(request, LONGEST_TICKET);
    const nonce = cookieOf(request, NONCE_COOKIE);
    const principal = ticket === undefined ? undefined : this.#parts.tickets.redeem(ticket, addressed.host, nonce);
    if (principal === undefined) return this.#say(response, 403, "This ticket was used, is too old, or is another browser's.");
    const life = Math.max(0, Math.floor((principal.streamsUntil - this.#services.clock.now()) / 1000));
    const pass = await this.#parts.passes.issue(addressed.host, principal);
    response.setHeader("set-cookie", `${PASS_COOKIE}=${pass}; ${COOKIE}; Max-Age=${life}`);
    const target = await this.#parts.targets.find(addressed);
    this.#send(response, 200, "application/json", JSON.stringify({ path: firstPath(target?.web?.path) }));
  }

  #go(request: IncomingMessage, response: ServerResponse): void {
    const to = new URL(request.url ?? "/", "http://origin.invalid").searchParams.get("to") ?? "/";
    response.setHeader("location", firstPath(to));
    this.#send(response, 302, "text/plain", "");
  }

  #isOwnPage(addressed: Addressed, request: IncomingMessage): boolean {
    return isFromOwnOrigin(request.headers, this.#parts.places.originOfHost(addressed));
  }

  #linkTo({ workspace }: Addressed): string {
    return `${this.#services.portal.origin}/workspaces/${workspace}`;
  }

  #say(response: ServerResponse, status: number, text: string): void {
    this.#send(response, status, "text/plain", `${text}\n`);
  }

  #send(response: ServerResponse, status: number, type: string, body: string): void {
    if (response.headersSent) return void response.destroy();
    const headers = { ...ownPageHeaders(this.#services.portal.origin), "content-type": `${type}; charset=utf-8` };
    response.writeHead(status, headers).end(body);
  }

  /** Faults of ours, which the browser is told nothing of. */
  broke(error: unknown, response: ServerResponse): void {
    this.#services.log.error({ err: error }, `a request to a web application could not be served: ${messageOf(error)}`);
    this.#say(response, 500, "A fault in Guise.");
  }
}

/** By a page of this very origin, or by the person: a browser tells, and a page cannot change it. */
function isAskedHere({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  return site === "same-origin" || site === "none";
}

function cookieOf({ headers }: IncomingMessage, wanted: string): string | undefined {
  return cookiesIn(headers.cookie).find(([name]) => name === wanted)?.[1];
}

/** Undefined where it is longer. */
async function shortBody(request: IncomingMessage, longest: number): Promise<string | undefined> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) {
    text += piece;
    if (text.length > longest) return undefined;
  }
  return text;
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.once("finish", () => socket.destroy());
}
