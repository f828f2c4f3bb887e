import { createHash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { cookiesIn } from "@guise/contract";

/** Cookies ignore ports, so the name says which listener it is for. */
export function cookieName(port: number): string {
  return `guise-local-${port}`;
}

/** A ticket that nobody took up in this time, in ms, is void. */
const TICKET_LIFE = 10 * 60_000;

/** One-time tickets, each exchanged for a cookie of one application. Only hashes are held. */
export class LocalSignIn {
  readonly #now: () => number;
  readonly #tickets = new Map<string, number>();
  readonly #sessions = new Set<string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  ticket(): string {
    const ticket = randomBytes(32).toString("base64url");
    this.#tickets.set(hashed(ticket), this.#now() + TICKET_LIFE);
    return ticket;
  }

  /** The value of the cookie, once. */
  redeem(ticket: string): string | undefined {
    const until = this.#tickets.get(hashed(ticket));
    this.#tickets.delete(hashed(ticket));
    if (until === undefined || until < this.#now()) return undefined;
    const session = randomBytes(32).toString("base64url");
    this.#sessions.add(hashed(session));
    return session;
  }

  isSignedIn(headers: IncomingHttpHeaders, port: number): boolean {
    return cookiesIn(headers.cookie).some(([name, value]) => name === cookieName(port) && this.#sessions.has(hashed(value)));
  }
}

function hashed(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}
