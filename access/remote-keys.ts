import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { type Clock, CodedError, messageOf } from "#foundation";
import { documentAt } from "./provider-document.ts";

/** The keys cannot be had now: nothing is known of the token. The message is for the log. */
export class KeysUnavailable extends CodedError<"keys_unavailable"> {
  /** Whole seconds until it is worth asking again. */
  readonly retryAfter: number;

  constructor(message: string, wait: number, cause?: unknown) {
    super("keys_unavailable", message, { cause });
    this.retryAfter = Math.max(1, Math.ceil(wait / 1000));
  }
}

/** For so long keys are taken as they were fetched, ms: one that the issuer withdrew is taken no longer than that. */
const LIFETIME = 600_000;
/** Between two fetches, ms, so that tokens with unknown keys cannot make us ask all the time. */
const COOLDOWN = 30_000;
/** After a fetch that failed nobody is asked for this long, ms. */
const PAUSE_AFTER_FAILURE = 1_000;

/** Keys at an address, asked for when a token needs them. */
export class RemoteKeys {
  readonly #addressOf: () => Promise<URL>;
  readonly #clock: Clock;
  #keys: { readonly find: JWTVerifyGetKey; readonly at: number } | undefined;
  #failed: { readonly message: string; readonly at: number } | undefined;
  #fetching: Promise<void> | undefined;

  constructor(addressOf: () => Promise<URL>, clock: Clock) {
    this.#addressOf = addressOf;
    this.#clock = clock;
  }

  /** Rejects KeysUnavailable while the keys, or a newer state of them, cannot be had; with an error of jose where the token names none of them. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const isFresh = this.#keys !== undefined && this.#age(this.#keys) < LIFETIME;
    if (!isFresh) await this.#fetch();
    try {
      return await this.#found(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !isFresh) throw error;
    }
    // It may be signed with a key that is newer than what was fetched.
    const left = this.#keys === undefined ? 0 : COOLDOWN - this.#age(this.#keys);
    if (left > 0) throw new KeysUnavailable("a token names a key that was not there when the keys were fetched", left);
    await this.#fetch();
    return this.#found(header, token);
  };

  async #found(...[header, token]: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    try {
      return await (this.#keys as { readonly find: JWTVerifyGetKey }).find(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new KeysUnavailable(`the issuer's key cannot be used: ${messageOf(error)}`, PAUSE_AFTER_FAILURE, error);
    }
  }

  /** One for all who need it now. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#fetched().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetched(): Promise<void> {
    const failed = this.#failed;
    if (failed !== undefined && this.#age(failed) < PAUSE_AFTER_FAILURE)
      throw new KeysUnavailable(failed.message, PAUSE_AFTER_FAILURE - this.#age(failed));
    try {
      const find = createLocalJWKSet((await documentAt(await this.#addressOf())) as JSONWebKeySet);
      this.#keys = { find, at: this.#clock.monotonic() };
      this.#failed = undefined;
    } catch (error) {
      this.#failed = { message: messageOf(error), at: this.#clock.monotonic() };
      throw new KeysUnavailable(messageOf(error), PAUSE_AFTER_FAILURE, error);
    }
  }

  #age({ at }: { readonly at: number }): number {
    return this.#clock.monotonic() - at;
  }
}
