import type { Duplex } from "node:stream";
import { type Clock, type Log, silentLog, systemClock } from "#foundation";
import type { Channel } from "../channel.ts";
import type { ChannelKeys } from "./channel-keys.ts";
import { SshConnection } from "./connection.ts";
import { SshChannel } from "./ssh-channel.ts";

export interface SshChannelOptions {
  /** The standard streams of `/usr/lib/guise/ssh` inside: input and output as one, without the engine's frames. */
  readonly duplex: Duplex;
  readonly keys: ChannelKeys;
  /** A personal layer, delivered with the keys. */
  readonly layer?: Uint8Array | undefined;
  readonly log?: Log;
  readonly clock?: Clock;
  /** Ms until we are signed in; 20 s unless told. */
  readonly readyWithin?: number;
  /** Ms until the server answers one request; 30 s unless told. */
  readonly answerWithin?: number;
}

/** Opens the channel into a main container. Rejects `channel_lost`, or `channel_hostile` when the other end broke a rule. */
export async function openSshChannel(options: SshChannelOptions): Promise<Channel> {
  const { log = silentLog, clock = systemClock, readyWithin = 20_000, answerWithin = 30_000 } = options;
  const connection = new SshConnection({ ...options, log, clock, readyWithin, answerWithin });
  await connection.connect();
  return new SshChannel(connection);
}
