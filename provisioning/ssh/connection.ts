import type { Duplex } from "node:stream";
import ssh2, { type Algorithms, type Client, type ClientChannel } from "ssh2";
import type { Clock, Log } from "#foundation";
import { ProvisioningError } from "../errors.ts";
import { type ChannelKeys, firstWords, pinnedHostKey } from "./channel-keys.ts";
import { guardAgainstHostilePeer } from "./hostile-peer-guard.ts";
import { keepKeysReady, signAtOnce } from "./ssh2-internals.ts";

const ALGORITHMS: Algorithms = {
  // The second is for sandboxes whose image is older than the first.
  kex: ["ecdh-sha2-nistp256", "curve25519-sha256"],
  serverHostKey: ["ssh-ed25519"],
  cipher: ["aes128-gcm@openssh.com"],
  compress: ["none"],
};
const KEEPALIVE_INTERVAL = 15_000;
const KEEPALIVES_MISSED = 3;
/** Together with their streams' windows this bounds what one connection may hold. */
export const MOST_CHANNELS = 64;

export interface ConnectionOptions {
  readonly duplex: Duplex;
  readonly keys: ChannelKeys;
  /** Delivered with the keys. */
  readonly layer?: Uint8Array | undefined;
  readonly log: Log;
  readonly clock: Clock;
  /** Ms until the server has signed us in. */
  readonly readyWithin: number;
  /** Ms until the server answers one request. */
  readonly answerWithin: number;
}

/** One SSH connection over a byte stream, with the guard before it. Knows why it ended; opens channels, a bounded number at once. */
export class SshConnection {
  readonly closed: Promise<void>;
  readonly transport: Duplex;
  readonly #client: Client = new ssh2.Client();
  readonly #options: ConnectionOptions;
  readonly #lostListeners = new Set<() => void>();
  #open = 0;
  #ended = false;
  #brokenRule: string | undefined;
  #cause: unknown;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.transport = options.duplex;
    this.transport.setMaxListeners(0);
    this.#client.setMaxListeners(0);
    this.closed = new Promise((resolve) => {
      this.#client.once("close", () => {
        this.#ended = true;
        for (const tell of this.#lostListeners) tell();
        this.#lostListeners.clear();
        resolve();
      });
    });
  }

  /** Delivers the keys, connects and signs in. Rejects `channel_lost` or `channel_hostile`. */
  async connect(): Promise<void> {
    const { duplex, keys, layer, clock, readyWithin } = this.#options;
    const pin = pinnedHostKey(keys);
    // without this the client would wait for ever at an end that is only half
    duplex.once("end", () => duplex.destroy());
    if (duplex.destroyed || duplex.readableEnded) throw this.lost("the stream has ended");
    duplex.write(firstWords(keys, layer));
    const ready = new Promise<void>((resolve, reject) => {
      this.#client.once("ready", resolve);
      this.#client.once("close", () => reject(this.lost()));
    });
    this.#client.on("error", (error) => {
      this.#cause ??= error;
      this.close();
    });
    this.#client.connect({
      sock: duplex,
      username: "user",
      privateKey: keys.client.private,
      authHandler: ["publickey"],
      hostVerifier: (key: Buffer) => key.equals(pin),
      keepaliveInterval: KEEPALIVE_INTERVAL,
      keepaliveCountMax: KEEPALIVES_MISSED,
      readyTimeout: readyWithin,
      algorithms: ALGORITHMS,
    });
    try {
      signAtOnce(this.#client);
      keepKeysReady(this.#client);
      guardAgainstHostilePeer(this.#client, duplex, clock, (rule) => this.breach(rule));
      await ready;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Asks the server to open something; `start` is given ssh2's client and callback. `adopt` takes the channel in the same turn:
   * output, exit and end may have come with the confirmation, and ssh2 tells each of them once. An answer that does not come in time cuts the connection, or refuses this request alone.
   */
  async request<T>(
    what: string,
    start: (client: Client, done: (error: Error | undefined, channel: ClientChannel) => void) => void,
    adopt: (channel: ClientChannel) => T,
    patience: "cut" | "refuse" = "cut",
  ): Promise<T> {
    if (this.#ended || this.#brokenRule !== undefined) throw this.lost();
    if (this.#open >= MOST_CHANNELS)
      throw new ProvisioningError("refused_by_policy", `more than ${MOST_CHANNELS} streams at once on one connection`);
    this.#open++;
    let forget = () => {};
    let tooLate = false;
    const opened = new Promise<T>((resolve, reject) => {
      forget = this.onLost(() => reject(this.lost()));
      start(this.#client, (error, channel) => {
        if (error) return reject(error);
        if (tooLate) {
          channel.close();
          channel.resume();
          return;
        }
        channel.once("close", () => this.#open--);
        resolve(adopt(channel));
      });
    });
    try {
      return await (patience === "cut" ? this.within(what, opened) : this.#orRefuse(what, opened));
    } catch (error) {
      tooLate = true;
      this.#open--;
      throw error;
    } finally {
      forget();
    }
  }

  /** A program inside that takes no connections keeps the server from answering: that says nothing about the channel. */
  #orRefuse<T>(what: string, answer: Promise<T>): Promise<T> {
    const { clock, answerWithin } = this.#options;
    return new Promise((resolve, reject) => {
      const refuse = () => reject(new Error(`${what} did not answer within ${answerWithin} ms`));
      const timer = clock.after(answerWithin, refuse, { unref: true });
      answer.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  /** Calls `tell` once when the connection ends; gives the way to take that back. */
  onLost(tell: () => void): () => void {
    this.#lostListeners.add(tell);
    return () => this.#lostListeners.delete(tell);
  }

  /** A server that does not answer in time is lost: the connection ends. */
  within<T>(what: string, answer: Promise<T>): Promise<T> {
    const { clock, answerWithin } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = clock.after(
        answerWithin,
        () => {
          this.#cause ??= new Error(`no answer to ${what} within ${answerWithin} ms`);
          reject(this.lost());
          this.close();
        },
        { unref: true },
      );
      answer.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  breach(rule: string): void {
    if (this.#brokenRule !== undefined) return;
    this.#brokenRule = rule;
    this.#options.log.warn({ rule }, "the channel was cut: its other end broke a rule");
    this.close();
  }

  /** Why nothing more can be asked: the rule that the other end broke, or that the channel is gone. */
  lost(why?: string, cause: unknown = this.#cause): ProvisioningError {
    if (this.#brokenRule !== undefined)
      return new ProvisioningError("channel_hostile", `the channel was cut: its other end ${this.#brokenRule}`);
    return new ProvisioningError("channel_lost", why ?? "the channel has ended", cause === undefined ? {} : { cause });
  }

  close(): void {
    this.transport.destroy();
  }
}
