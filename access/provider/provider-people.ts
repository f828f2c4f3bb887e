import { randomBytes } from "node:crypto";
import { Refusal } from "@guise/contract";
import type { Clock, Log } from "#foundation";
import { hashOf } from "../credentials.ts";
import { type Principal, principalId, SCOPES } from "../principal.ts";
import type { Sealing } from "../sealed.ts";
import { type ClaimsMapping, personOf } from "../token-claims.ts";
import { type ProviderClient, ProviderError, type Renewal, type Told } from "./provider-client.ts";
import type { ProviderCredentialKind, ProviderPerson, ProviderPersonStore } from "./provider-person.ts";

/** For so long what the provider said counts without asking it again, ms: with the heartbeat of streams it makes less than a minute. */
const FRESH = 30_000;
/** For so long it counts while the provider cannot be asked, ms: as long as an access token of it would. */
const GRACE = 300_000;
/** A sign-in lasts for so long at most, ms, whatever the provider allows. */
const LONGEST = 30 * 24 * 3_600_000;
const PURPOSE = "provider-person";

export interface ProviderParts {
  readonly store: ProviderPersonStore;
  readonly client: Pick<ProviderClient, "again">;
  readonly sealing: Sealing;
  readonly clock: Clock;
  readonly log: Log;
  readonly issuer: string;
  readonly claims: ClaimsMapping;
}

/** What was given to a browser or a program. */
export interface GivenCredential {
  readonly principal: Principal;
  readonly secret: string;
  /** Wall clock, ms. */
  readonly expiresAt: number;
}

/** Who is signed in at a provider. Who they are, and what they may, is what the provider said within the last half minute. */
export class ProviderPeople {
  readonly #parts: ProviderParts;
  /** One question at a time for each person: a refresh token may be good once. */
  readonly #asking = new Map<string, Promise<ProviderPerson | undefined>>();

  constructor(parts: ProviderParts) {
    this.#parts = parts;
  }

  /** For a browser that has just come back. Rejects Refusal `not_permitted` with the part that leaves open what the person may. */
  async signedIn(told: Told): Promise<GivenCredential> {
    const person = await this.#personOf(told);
    if (person.person.roles.length === 0)
      throw new Refusal("not_permitted", `The identity provider gives ${person.person.account} no role that is known here.`, {
        facts: { part: "roles" },
      });
    return this.#given("session", person);
  }

  /** A program of a person's who is signed in. Rejects Refusal `not_authenticated` where the person is that no more. */
  async alsoSignedIn(principal: Principal): Promise<GivenCredential> {
    const { store, clock } = this.#parts;
    const known = principal.session === undefined ? undefined : await store.providerCredential(principal.session, clock.now());
    if (known === undefined) throw new Refusal("not_authenticated", "The sign-in is over.");
    return this.#given("sign_in", known.of);
  }

  /** Undefined when there is none, it is over, or the provider has ended it. Rejects Refusal `unavailable` when nobody can know. */
  async principalBy(hash: string, kind?: ProviderCredentialKind): Promise<Principal | undefined> {
    const { store, clock, issuer } = this.#parts;
    const known = await store.providerCredential(hash, clock.now());
    // Of a provider that was configured before, nobody can be asked.
    if (known === undefined || known.of.issuer !== issuer || (kind !== undefined && known.kind !== kind)) return undefined;
    const person = clock.now() - known.of.checkedAt < FRESH ? known.of : await this.#asked(known.of);
    return person === undefined ? undefined : principalOf(person, hash, known.expiresAt);
  }

  end(hash: string): Promise<boolean> {
    return this.#parts.store.dropProviderCredential(hash);
  }

  async #given(kind: ProviderCredentialKind, person: ProviderPerson): Promise<GivenCredential> {
    const { clock, store } = this.#parts;
    const secret = randomBytes(32).toString("base64url");
    const hash = hashOf(secret);
    const expiresAt = clock.now() + LONGEST;
    await store.storeProviderCredential({ hash, kind, principal: person.principal, expiresAt, of: person });
    return { principal: principalOf(person, hash, expiresAt), secret, expiresAt };
  }

  #asked(known: ProviderPerson): Promise<ProviderPerson | undefined> {
    const { principal } = known;
    const asking =
      this.#asking.get(principal) ??
      this.#ask(known).finally(() => {
        this.#asking.delete(principal);
      });
    this.#asking.set(principal, asking);
    return asking;
  }

  async #ask(known: ProviderPerson): Promise<ProviderPerson | undefined> {
    const { client, store, clock, log, sealing } = this.#parts;
    try {
      const renewal = await sealing.open(known.renewal, PURPOSE);
      if (renewal === undefined) throw new ProviderError("sign_in_ended", "what asks for it again was sealed with another key");
      const person = await this.#personOf(await client.again(known.subject, JSON.parse(renewal) as Renewal));
      await store.renewProviderPerson(person, known.renewal);
      return person;
    } catch (error) {
      if (error instanceof ProviderError && error.code === "provider_unavailable") {
        log.warn({ err: error }, "the identity provider could not be asked again");
        if (clock.now() - known.checkedAt < GRACE) return known;
        throw new Refusal("unavailable", "The identity provider cannot be asked whether you are still signed in.", { cause: error });
      }
      if (!(error instanceof ProviderError || error instanceof Refusal)) throw error;
      log.info({ err: error, account: known.person.account }, "the identity provider has ended a sign-in");
      await store.forgetProviderPerson(known.principal, known.renewal);
      return undefined;
    }
  }

  async #personOf({ subject, claims, renewal }: Told): Promise<ProviderPerson> {
    const { sealing, clock, issuer, claims: mapping } = this.#parts;
    const person = personOf({ ...claims, sub: subject }, mapping);
    const sealed = await sealing.seal(JSON.stringify(renewal), PURPOSE);
    return { principal: principalId(issuer, subject), issuer, subject, person, renewal: sealed, checkedAt: clock.now() };
  }
}

function principalOf({ principal, issuer, subject, person }: ProviderPerson, session: string, streamsUntil: number): Principal {
  return { id: principal, issuer, subject, ...person, scopes: SCOPES, streamsUntil, session };
}
