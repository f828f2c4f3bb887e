import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import type { Clock } from "#foundation";
import { Allowance } from "./allowance.ts";
import { internalsOf } from "./ssh2-internals.ts";
import { TurnPacking } from "./turn-packing.ts";

/** A server that offers smaller packets makes ssh2 write byte by byte, or for ever (0). OpenSSH offers 32 KiB. */
const LEAST_PACKET = 1024;
/** Both streams of all channels of one connection together; ssh2 grants 2 MiB to each channel. */
const MOST_BUFFERED = 96 * 2 ** 20;
/** Before sign-in a server has nothing to say but its name, the key exchange and the outcome: about 2 KiB. */
const MOST_BEFORE_READY = 256 * 1024;
/** What the server may ask of us. OpenSSH asks once after sign-in and then every 15 s whether we live. */
const ASKS_AT_ONCE = 200;
const ASKS_PER_SECOND = 20;
/** What it may ask of us on one channel: OpenSSH tells the exit, and now and then that it reads no more. */
const ASKS_PER_CHANNEL = 8;
/** Smaller data is copied: it would hold on to the whole block in which it was read. */
const SMALL = 4096;
const REFUSED_ADMINISTRATIVELY = 1;
const STANDARD_ERROR = 1;

/**
 * Stands before ssh2's handling of what the server sends. ssh2 trusts its server; ours is in the hands of whoever runs code
 * in the sandbox. `cut` is called with the rule that was broken; it must end the connection at once.
 */
export function guardAgainstHostilePeer(client: Client, transport: Duplex, clock: Clock, cut: (rule: string) => void): void {
  let ended = false;
  const breach = (rule: string) => {
    if (ended) return;
    ended = true;
    cut(rule);
  };
  const asks = new Allowance(clock, ASKS_AT_ONCE, ASKS_PER_SECOND);
  const mayAsk = () => {
    const may = asks.spend();
    if (!may) breach("asked for more than a server has reason to");
    return may;
  };
  client.on("handshake", mayAsk);
  boundBytesBeforeReady(client, transport, breach);
  guardMessages(client, () => ended, breach, mayAsk);
}

function guardMessages(client: Client, ended: () => boolean, breach: (rule: string) => void, mayAsk: () => boolean): void {
  const { handlers, channel, channels } = internalsOf(client);
  const ssh2 = { ...handlers };
  const packing = new TurnPacking();
  const asked = new Map<number, number>();

  handlers.CHANNEL_OPEN_CONFIRMATION = (protocol, info) => {
    if (ended()) return;
    asked.set(info.recipient, 0);
    if (!(info.packetSize >= LEAST_PACKET)) breach(`offered packets of ${info.packetSize} bytes`);
    else ssh2.CHANNEL_OPEN_CONFIRMATION(protocol, info);
  };

  const receive = (recipient: number, lane: "data" | "error", data: Buffer, deliver: (data: Buffer) => void) => {
    const target = channel(recipient);
    if (ended() || target === undefined) return;
    if (data.length + packing.waiting(recipient) > target.incoming.window) return breach("sent more than its window");
    const stream = lane === "data" ? target : target.stderr;
    const arrival = { channel: recipient, buffered: stream.readableLength };
    if (packing.passes(arrival)) return packing.take({ ...arrival, lane, data: data.length < SMALL ? Buffer.from(data) : data, deliver });
    if (channels().reduce((sum, each) => sum + each.readableLength + each.stderr.readableLength, 0) > MOST_BUFFERED)
      return breach("filled the buffers of all channels");
    packing.take({ ...arrival, lane, data, deliver });
  };
  handlers.CHANNEL_DATA = (protocol, recipient, data) =>
    receive(recipient, "data", data, (packed) => ssh2.CHANNEL_DATA(protocol, recipient, packed));
  handlers.CHANNEL_EXTENDED_DATA = (protocol, recipient, data, type) => {
    if (type !== STANDARD_ERROR) return breach(`sent data of unknown kind ${type}`);
    receive(recipient, "error", data, (packed) => ssh2.CHANNEL_EXTENDED_DATA(protocol, recipient, packed, type));
  };
  handlers.CHANNEL_EOF = (protocol, recipient) => {
    packing.flush(recipient);
    ssh2.CHANNEL_EOF(protocol, recipient);
  };
  handlers.CHANNEL_CLOSE = (protocol, recipient) => {
    packing.flush(recipient);
    asked.delete(recipient);
    ssh2.CHANNEL_CLOSE(protocol, recipient);
  };

  handlers.CHANNEL_OPEN = (protocol, info) => {
    if (!ended() && mayAsk()) protocol.channelOpenFail(info.sender, REFUSED_ADMINISTRATIVELY, "");
  };
  handlers.GLOBAL_REQUEST = (protocol, _name, wantReply) => {
    if (!ended() && mayAsk() && wantReply) protocol.requestFailure();
  };
  handlers.CHANNEL_REQUEST = (protocol, recipient, ...rest) => {
    if (ended()) return;
    const asks = (asked.get(recipient) ?? ASKS_PER_CHANNEL) + 1;
    if (asks > ASKS_PER_CHANNEL) return breach("asked for more on a channel than a server has reason to");
    asked.set(recipient, asks);
    packing.flush(recipient);
    ssh2.CHANNEL_REQUEST(protocol, recipient, ...rest);
  };
}

function boundBytesBeforeReady(client: Client, transport: Duplex, breach: (rule: string) => void): void {
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BEFORE_READY) breach(`sent ${bytes} bytes before sign-in`);
  };
  transport.prependListener("data", count);
  client.once("ready", () => transport.off("data", count));
}
