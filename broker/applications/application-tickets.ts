import { createHash, randomBytes } from "node:crypto";
import type { Principal } from "#access";
import type { Clock } from "#foundation";

/** Ms in which a ticket is redeemed. */
export const TICKET_LIFE = 60_000;
/** More are not held at once: each is a page that opens just now. */
const MOST = 10_000;
const MOST_PER_PERSON = 100;

/** Whom a ticket lets in, where, and by what proof. */
export interface TicketFacts {
  readonly principal: Principal;
  readonly host: string;
  /** Digest of the nonce in a cookie of the browser that is to redeem it. */
  readonly challenge: string;
}

/**
 * What the portal hands to an application's page, so that it can sign the same browser in at the application's own origin. Each is good once, for
 * a minute, at one host, and in the browser that holds the nonce.
 */
export class ApplicationTickets {
  readonly #clock: Clock;
  readonly #held = new Map<string, TicketFacts & { readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined where so many wait that no page of this person's opens them. */
  issue(facts: TicketFacts): string | undefined {
    this.#forgetOld();
    const mine = [...this.#held.values()].filter(({ principal }) => principal.id === facts.principal.id).length;
    if (mine >= MOST_PER_PERSON || this.#held.size >= MOST) return undefined;
    const ticket = randomBytes(32).toString("base64url");
    this.#held.set(digestOf(ticket), { ...facts, until: this.#clock.monotonic() + TICKET_LIFE });
    return ticket;
  }

  /** Whom it lets in. Whoever presents it, it is used up. */
  redeem(ticket: string, host: string, nonce: string | undefined): Principal | undefined {
    const held = this.#held.get(digestOf(ticket));
    this.#held.delete(digestOf(ticket));
    const isGood = held !== undefined && held.until > this.#clock.monotonic() && held.host === host;
    return isGood && nonce !== undefined && digestOf(nonce) === held.challenge ? held.principal : undefined;
  }

  /** They are in the order in which they end. */
  #forgetOld(): void {
    for (const [digest, { until }] of this.#held) {
      if (until > this.#clock.monotonic()) return;
      this.#held.delete(digest);
    }
  }
}

export function newNonce(): string {
  return randomBytes(32).toString("base64url");
}

/** Of a ticket or a nonce, which have 256 random bits. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
