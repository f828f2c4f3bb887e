import { randomBytes, randomInt } from "node:crypto";
import type { Clock } from "#foundation";
import { hashOf } from "./credentials.ts";
import type { Principal } from "./principal.ts";

/** How long a person may take to allow it, ms. */
export const DEVICE_PATIENCE = 600_000;
/** How often the program may ask, seconds. */
export const DEVICE_INTERVAL = 2;
/** Consonants that nobody takes for another, and that make no words (RFC 8628, 6.1). */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
const CODE_LETTERS = 8;
/** What waits at once, in all and from one address: nobody's requests push out another's. */
const MOST = 1_000;
const MOST_OF_ADDRESS = 20;

/** A program that asks to be signed in as whoever allows it. */
export interface DeviceRequest {
  /** `BCDF-GHJK`: what the person compares. */
  readonly userCode: string;
  /** What it calls itself. */
  readonly client: string;
  readonly address: string;
  /** Wall clock, ms. */
  readonly requestedAt: number;
  readonly expiresAt: number;
}

type Outcome = { readonly by: Principal } | "refused";
type Kept = DeviceRequest & { readonly hash: string; outcome?: Outcome };

/** Programs without a browser of their own, after RFC 8628. Nothing of them outlives Guise: the program asks anew. */
export class DeviceSignIns {
  readonly #clock: Clock;
  readonly #byUserCode = new Map<string, Kept>();
  readonly #byHash = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined where too many wait. */
  begin(client: string, address: string): { readonly deviceCode: string; readonly request: DeviceRequest } | undefined {
    this.#sweep();
    const ofAddress = [...this.#byHash.values()].filter((one) => one.address === address).length;
    if (this.#byHash.size >= MOST || ofAddress >= MOST_OF_ADDRESS) return undefined;
    const deviceCode = randomBytes(32).toString("base64url");
    const now = this.#clock.now();
    const kept: Kept = {
      ...{ userCode: this.#freshCode(), hash: hashOf(deviceCode), client, address },
      ...{ requestedAt: now, expiresAt: now + DEVICE_PATIENCE },
    };
    this.#byUserCode.set(kept.userCode, kept);
    this.#byHash.set(kept.hash, kept);
    return { deviceCode, request: kept };
  }

  /** What waits under the code that a person typed, in whatever way. */
  waiting(typed: string): DeviceRequest | undefined {
    const kept = this.#waiting(typed);
    return kept?.outcome === undefined ? kept : undefined;
  }

  /** Once; false where nothing waits for it any more. */
  answer(typed: string, outcome: Outcome): boolean {
    const kept = this.#waiting(typed);
    if (kept === undefined || kept.outcome !== undefined) return false;
    kept.outcome = outcome;
    return true;
  }

  /** What came of it, which is given once; undefined where there is none, or it is too old. */
  take(deviceCode: string): Outcome | "pending" | undefined {
    this.#sweep();
    const kept = this.#byHash.get(hashOf(deviceCode));
    if (kept === undefined) return undefined;
    if (kept.outcome === undefined) return "pending";
    this.#drop(kept);
    return kept.outcome;
  }

  #waiting(typed: string): Kept | undefined {
    this.#sweep();
    const letters = [...typed.toUpperCase()].filter((letter) => LETTERS.includes(letter)).join("");
    return this.#byUserCode.get(`${letters.slice(0, 4)}-${letters.slice(4)}`);
  }

  #freshCode(): string {
    for (;;) {
      const letters = Array.from({ length: CODE_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join("");
      const code = `${letters.slice(0, 4)}-${letters.slice(4)}`;
      if (!this.#byUserCode.has(code)) return code;
    }
  }

  /** Oldest first, as they came. */
  #sweep(): void {
    for (const kept of this.#byHash.values()) {
      if (kept.expiresAt > this.#clock.now()) return;
      this.#drop(kept);
    }
  }

  #drop({ hash, userCode }: Kept): void {
    this.#byHash.delete(hash);
    this.#byUserCode.delete(userCode);
  }
}
