import { Refusal } from "@guise/contract";
import type { FastifyRequest } from "fastify";
import { KeysUnavailable } from "#access";
import type { Log } from "#foundation";
import { addressKey } from "./address-key.ts";
import type { TokenBuckets } from "./token-bucket.ts";

/**
 * What strangers spend by presenting what does not hold. It is charged behind the look at what was presented, and that look costs no more
 * than any other request; so whoever presents what is right passes, whatever others at his address do.
 */
export class FailedSignIns {
  readonly #log: Log;
  readonly #budget: TokenBuckets;
  #unlogged = 0;

  constructor(log: Log, budget: TokenBuckets) {
    this.#log = log;
    this.#budget = budget;
  }

  /** What the caller is told of the error: within the budget why it was refused, beyond it when to come again. */
  told(error: unknown, { ip, id }: FastifyRequest): unknown {
    if (!(error instanceof Refusal) || (error.code !== "not_authenticated" && error.facts.part === undefined)) return error;
    const wait = this.#budget.take(addressKey(ip));
    if (wait > 0) {
      this.#unlogged++;
      return error.code === "not_authenticated" ? tooManyRequests(wait) : error;
    }
    const since = this.#unlogged === 0 ? {} : { unlogged_before: this.#unlogged };
    this.#unlogged = 0;
    const { part } = error.facts;
    const reason = error.cause instanceof KeysUnavailable ? `${error.message} ${error.cause.message}` : error.message;
    this.#log.info({ request: id, address: ip, error: error.code, part, reason, ...since }, "a sign-in was refused");
    return error;
  }
}

export function tooManyRequests(seconds: number): Refusal {
  return new Refusal("too_many_requests", `More requests than are accepted; the next one in ${seconds} s.`, {
    facts: { retry_after: seconds },
  });
}
