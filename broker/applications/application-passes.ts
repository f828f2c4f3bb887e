import { ROLES } from "@guise/contract";
import { z } from "zod";
import { type Principal, SCOPES, type Sealing } from "#access";
import type { Clock } from "#foundation";
import { digestOf } from "./application-tickets.ts";

const PURPOSE = "application pass";
/** Opened passes that are remembered, and for how long what they say of a person is believed, ms. */
const MOST_KNOWN = 5_000;

/** Groups are left out: who may use an application is asked by role, scope and owner. */
const passSchema = z.strictObject({
  host: z.string(),
  principal: z.strictObject({
    id: z.string(),
    issuer: z.string(),
    subject: z.string(),
    account: z.string(),
    roles: z.array(z.enum(ROLES)),
    scopes: z.array(z.enum(SCOPES)),
    streamsUntil: z.number(),
    session: z.string().optional(),
  }),
});

interface Known {
  readonly host: string;
  principal: Principal | undefined;
  lookedAt: number;
}

export interface ApplicationPassesOptions {
  readonly sealing: Sealing;
  readonly clock: Clock;
  /** The same person as of now. */
  readonly refresh: (principal: Principal) => Promise<Principal | undefined>;
  /** Ms for which a person is believed to be who was found. */
  readonly believed: number;
}

/**
 * What signs a browser in at one application's origin: sealed, in a cookie, so that nothing is kept of it and it outlives a restart of Guise. It ends
 * with the sign-in that it was given for.
 */
export class ApplicationPasses {
  readonly #options: ApplicationPassesOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: ApplicationPassesOptions) {
    this.#options = options;
  }

  issue(host: string, { id, issuer, subject, account, roles, scopes, streamsUntil, session }: Principal): Promise<string> {
    const principal = { id, issuer, subject, account, roles, scopes, streamsUntil, ...(session === undefined ? {} : { session }) };
    return this.#options.sealing.seal(JSON.stringify({ host, principal }), PURPOSE);
  }

  /** Who holds it at this host, as of a moment ago; undefined: nobody who is signed in. */
  async holderOf(pass: string, host: string): Promise<Principal | undefined> {
    const { clock, refresh, believed } = this.#options;
    const digest = digestOf(pass);
    const known = this.#known.get(digest) ?? (await this.#opened(pass, digest));
    if (known === undefined || known.host !== host || known.principal === undefined) return undefined;
    if (known.principal.streamsUntil <= clock.now()) return undefined;
    if (clock.monotonic() - known.lookedAt < believed) return known.principal;
    const present = await refresh(known.principal);
    known.principal =
      present === undefined ? undefined : { ...present, streamsUntil: Math.min(present.streamsUntil, known.principal.streamsUntil) };
    known.lookedAt = clock.monotonic();
    return known.principal;
  }

  async #opened(pass: string, digest: string): Promise<Known | undefined> {
    const text = await this.#options.sealing.open(pass, PURPOSE);
    if (text === undefined) return undefined;
    const { host, principal } = passSchema.parse(JSON.parse(text));
    const { session, ...person } = principal;
    const known: Known = {
      host,
      principal: { ...person, groups: [], ...(session === undefined ? {} : { session }) },
      lookedAt: Number.NEGATIVE_INFINITY,
    };
    if (this.#known.size >= MOST_KNOWN) this.#known.delete(this.#known.keys().next().value ?? "");
    this.#known.set(digest, known);
    return known;
  }
}
