import { createSecretKey } from "node:crypto";
import type { Client, ClientChannel, ParsedKey } from "ssh2";
import { ProvisioningError } from "../errors.ts";

/**
 * The inside of ssh2 1.17 that the guard needs and ssh2 does not export. The version is pinned, a test holds these shapes,
 * and a client that does not have them is refused: without the guard no channel is opened.
 */
export interface GuardedChannel {
  readonly incoming: { readonly window: number };
  readonly readableLength: number;
  readonly stderr: { readonly readableLength: number };
}

export interface OpenConfirmation {
  /** Our number of the channel. */
  readonly recipient: number;
  readonly packetSize: number;
}

export interface Protocol {
  channelOpenFail(sender: number, reason: number, description: string): void;
  requestFailure(): void;
}

/** What ssh2 does with each kind of message from the server. Replaced one by one by the guard. */
export interface MessageHandlers {
  CHANNEL_OPEN(protocol: Protocol, info: { readonly sender: number }): void;
  CHANNEL_OPEN_CONFIRMATION(protocol: Protocol, info: OpenConfirmation): void;
  CHANNEL_DATA(protocol: Protocol, recipient: number, data: Buffer): void;
  CHANNEL_EXTENDED_DATA(protocol: Protocol, recipient: number, data: Buffer, type: number): void;
  CHANNEL_EOF(protocol: Protocol, recipient: number): void;
  CHANNEL_CLOSE(protocol: Protocol, recipient: number): void;
  CHANNEL_REQUEST(protocol: Protocol, recipient: number, ...rest: unknown[]): void;
  GLOBAL_REQUEST(protocol: Protocol, name: string, wantReply: boolean, data: unknown): void;
}

const HANDLER_NAMES = [
  "CHANNEL_OPEN",
  "CHANNEL_OPEN_CONFIRMATION",
  "CHANNEL_DATA",
  "CHANNEL_EXTENDED_DATA",
  "CHANNEL_EOF",
  "CHANNEL_CLOSE",
  "CHANNEL_REQUEST",
  "GLOBAL_REQUEST",
] as const satisfies readonly (keyof MessageHandlers)[];

export interface Internals {
  readonly handlers: MessageHandlers;
  /** The open channels, by our number. An opening that is not confirmed yet is a function. */
  channels(): readonly GuardedChannel[];
  channel(recipient: number): GuardedChannel | undefined;
}

/** To be called after `connect`, before the first byte is read. Throws `start_failed` when ssh2 is not as expected. */
export function internalsOf(client: Client): Internals {
  const handlers = member(member(client, "_protocol"), "_handlers");
  const manager = member(client, "_chanMgr");
  for (const name of HANDLER_NAMES) if (typeof Reflect.get(handlers, name) !== "function") throw unexpected(name);
  const table = () => member(manager, "_channels");
  return {
    handlers: handlers as MessageHandlers,
    channels: () => Object.values(table()).filter(isOpenChannel),
    channel: (recipient) => {
      const found: unknown = Reflect.get(table(), recipient);
      return isOpenChannel(found) ? found : undefined;
    },
  };
}

/**
 * Proves the key at once instead of asking first whether it would be taken: OpenSSH lets at least 5 ms pass before it answers that
 * question, against guessing. To be called after `connect`. Throws `start_failed` when ssh2 is not as expected.
 */
export function signAtOnce(client: Client): void {
  const protocol = member(client, "_protocol");
  const ask: unknown = Reflect.get(protocol, "authPK");
  if (typeof ask !== "function") throw unexpected("authPK");
  Reflect.set(protocol, "authPK", (user: string, key: ParsedKey, algorithm: string | undefined, sign: Signer = signWith(key)) =>
    ask.call(protocol, user, key, algorithm, sign),
  );
}

/**
 * Node's crypto takes 40 µs to see what a key of plain bytes is, and ssh2 gives it one for each packet; as a key object it takes 5 µs (Node 24.21). To be
 * called after `connect`; new keys come with each exchange of them. Where ssh2 is not as expected, packets take their time.
 */
export function keepKeysReady(client: Client): void {
  const protocol = member(client, "_protocol");
  for (const [direction, name] of CIPHER_KEYS) {
    let cipher: unknown = Reflect.get(protocol, direction);
    Object.defineProperty(protocol, direction, {
      get: () => cipher,
      set(next: unknown) {
        cipher = next;
        const key: unknown = typeof next === "object" && next !== null ? Reflect.get(next, name) : undefined;
        if (Buffer.isBuffer(key)) Reflect.set(Object(next), name, createSecretKey(key));
      },
    });
  }
}

const CIPHER_KEYS = [
  ["_cipher", "_encKey"],
  ["_decipher", "_decipherKey"],
] as const;

type Signer = (data: Buffer, done: (signature: Buffer) => void) => void;

function signWith(key: ParsedKey): Signer {
  return (data, done) => done(key.sign(data));
}

/** ssh2's own `signal` does nothing once standard input has ended, which is how most commands run. */
export function sendSignal(channel: ClientChannel, name: string): void {
  const { state, id } = member(channel, "outgoing") as { state?: unknown; id?: unknown };
  if (state !== "open" && state !== "eof") return;
  const protocol = member(member(channel, "_client"), "_protocol");
  const send: unknown = Reflect.get(protocol, "signal");
  if (typeof send === "function") send.call(protocol, id, name);
}

function member(owner: object, name: string): object {
  const value: unknown = Reflect.get(owner, name);
  if (typeof value !== "object" || value === null) throw unexpected(name);
  return value;
}

function isOpenChannel(value: unknown): value is GuardedChannel {
  return typeof value === "object" && value !== null && "incoming" in value;
}

function unexpected(name: string): ProvisioningError {
  return new ProvisioningError("start_failed", `ssh2 is not the version that the channel's guard is written for: no ${name}`);
}
