import { randomBytes } from "node:crypto";
import { Refusal } from "@guise/contract";
import type { Clock, Log } from "#foundation";
import { hashOf } from "../credentials.ts";
import { type Principal, principalId, SCOPES } from "../principal.ts";
import type { Sealing } from "../sealed.ts";
import { type ClaimsMapping, personOf } from "../token-claims.ts";
import { type ProviderClient, ProviderError, type Renewal, type Told } from "./provider-client.ts";
import type { ProviderSession, ProviderSessionStore } from "./provider-session-store.ts";

/** For so long what the provider said counts without asking it again, ms: with the heartbeat of streams it makes less than a minute. */
const FRESH = 30_000;
/** For so long it counts while the provider cannot be asked, ms: as long as an access token of it would. */
const GRACE = 300_000;
/** A browser stays signed in for so long at most, ms, whatever the provider allows. */
const LONGEST = 30 * 24 * 3_600_000;
const PURPOSE = "provider-session";

export interface ProviderParts {
  readonly store: ProviderSessionStore;
  readonly client: Pick<ProviderClient, "again">;
  readonly sealing: Sealing;
  readonly clock: Clock;
  readonly log: Log;
  readonly issuer: string;
  readonly claims: ClaimsMapping;
}

export interface OpenedSession {
  readonly principal: Principal;
  readonly secret: string;
  /** Wall clock, ms. */
  readonly expiresAt: number;
}

/** Browsers that a provider's people are signed in with. Who they are, and what they may, is what the provider said within the last half minute. */
export class ProviderSessions {
  readonly #parts: ProviderParts;
  /** One question at a time for each: a refresh token may be good once. */
  readonly #asking = new Map<string, Promise<ProviderSession | undefined>>();

  constructor(parts: ProviderParts) {
    this.#parts = parts;
  }

  /** Rejects Refusal `not_permitted` with the part of what the provider said that leaves open what the person may. */
  async open(told: Told): Promise<OpenedSession> {
    const { clock, store, issuer } = this.#parts;
    const secret = randomBytes(32).toString("base64url");
    const session = await this.#sessionOf(hashOf(secret), told, clock.now() + LONGEST);
    if (session.person.roles.length === 0)
      throw new Refusal("not_permitted", `The identity provider gives ${session.person.account} no role that is known here.`, {
        facts: { part: "roles" },
      });
    await store.storeProviderSession(session);
    return { principal: this.#principalOf(session, issuer), secret, expiresAt: session.expiresAt };
  }

  /** Undefined when there is none, it is over, or the provider has ended it. Rejects Refusal `unavailable` when nobody can know. */
  async principalBy(hash: string): Promise<Principal | undefined> {
    const { store, clock, issuer } = this.#parts;
    const known = await store.providerSession(hash, clock.now());
    // Of a provider that was configured before, nobody can be asked.
    if (known === undefined || known.issuer !== issuer) return undefined;
    const session = clock.now() - known.checkedAt < FRESH ? known : await this.#asked(known);
    return session === undefined ? undefined : this.#principalOf(session, issuer);
  }

  end(hash: string): Promise<boolean> {
    return this.#parts.store.dropProviderSession(hash);
  }

  #asked(known: ProviderSession): Promise<ProviderSession | undefined> {
    const { hash } = known;
    const asking =
      this.#asking.get(hash) ??
      this.#ask(known).finally(() => {
        this.#asking.delete(hash);
      });
    this.#asking.set(hash, asking);
    return asking;
  }

  async #ask(known: ProviderSession): Promise<ProviderSession | undefined> {
    const { client, store, clock, log, sealing } = this.#parts;
    const sealed = await sealing.open(known.renewal, PURPOSE);
    try {
      if (sealed === undefined) throw new ProviderError("sign_in_ended", "what asks for it again was sealed with another key");
      const told = await client.again(known.subject, JSON.parse(sealed) as Renewal);
      const session = await this.#sessionOf(known.hash, told, known.expiresAt);
      await store.renewProviderSession(known.hash, session);
      return session;
    } catch (error) {
      if (error instanceof ProviderError && error.code === "provider_unavailable") {
        log.warn({ err: error }, "the identity provider could not be asked again");
        if (clock.now() - known.checkedAt < GRACE) return known;
        throw new Refusal("unavailable", "The identity provider cannot be asked whether you are still signed in.", { cause: error });
      }
      log.info({ err: error, account: known.person.account }, "the identity provider has ended a sign-in");
      await store.dropProviderSession(known.hash);
      return undefined;
    }
  }

  async #sessionOf(hash: string, { subject, claims, renewal }: Told, expiresAt: number): Promise<ProviderSession> {
    const { sealing, clock, issuer, claims: mapping } = this.#parts;
    const person = personOf({ ...claims, sub: subject }, mapping);
    const sealed = await sealing.seal(JSON.stringify(renewal), PURPOSE);
    return { hash, issuer, subject, person, renewal: sealed, checkedAt: clock.now(), expiresAt };
  }

  #principalOf({ hash, subject, person, expiresAt }: ProviderSession, issuer: string): Principal {
    return { id: principalId(issuer, subject), issuer, subject, ...person, scopes: SCOPES, streamsUntil: expiresAt, session: hash };
  }
}
