import { type Duplex, duplexPair } from "node:stream";
import ssh2, { type Connection } from "ssh2";
import { type ChannelKeys, firstWords } from "../channel-keys.ts";

/** What ssh2 sends on the server's side, below its own rules: a hostile server calls it as it likes. */
export interface RawProtocol {
  channelData(id: number, data: Buffer): void;
  channelExtData(id: number, data: Buffer, type: number): void;
  channelOpenConfirm(remote: number, local: number, window: number, packetSize: number): void;
  forwardedTcpip(id: number, window: number, packetSize: number, address: Record<string, unknown>): void;
  ping(): void;
  exitStatus(id: number, code: number): void;
  disconnect(reason: number): void;
}

export interface ScriptedServer {
  /** The client's end: what a channel is opened over. */
  readonly duplex: Duplex;
  /** The server's end of the wire. */
  readonly wire: Duplex;
}

/** A server in this process that takes the keys and then does what the script says, to test what the other end can do to us. */
export function scriptedServer(
  keys: ChannelKeys,
  script: (connection: Connection, protocol: RawProtocol, wire: Duplex) => void,
): ScriptedServer {
  const [duplex, wire] = duplexPair();
  const server = new ssh2.Server({ hostKeys: [keys.host.private] }, (connection) => {
    connection.on("error", () => {});
    connection.on("authentication", (context) => context.accept());
    script(connection, Reflect.get(connection, "_protocol") as RawProtocol, wire);
  });
  wire.on("error", () => {});
  duplex.once("close", () => wire.destroy());
  afterKeys(wire, keys, () => server.injectSocket(wire as Parameters<typeof server.injectSocket>[0]));
  return { duplex, wire };
}

/** The bare end of a wire, for a server that does not even speak SSH. */
export function bareWire(): ScriptedServer {
  const [duplex, wire] = duplexPair();
  wire.on("error", () => {});
  wire.resume();
  return { duplex, wire };
}

/** The keys of a first channel: everything after them is SSH. */
function afterKeys(wire: Duplex, keys: ChannelKeys, then: () => void): void {
  let left = firstWords(keys).length;
  const take = () => {
    while (left > 0) {
      const chunk: Buffer | null = wire.read(Math.min(left, wire.readableLength));
      if (chunk === null) return;
      left -= chunk.length;
    }
    wire.off("readable", take);
    then();
  };
  wire.on("readable", take);
}

/** Sends one message of SSH's with any content, properly encrypted. */
export function sendRaw(protocol: RawProtocol, message: Buffer): void {
  const { _packetRW, _cipher } = protocol as unknown as {
    _packetRW: { write: { allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer } };
    _cipher: { encrypt(packet: Buffer): void };
  };
  const packet = _packetRW.write.alloc(message.length);
  message.copy(packet, _packetRW.write.allocStart);
  _cipher.encrypt(_packetRW.write.finalize(packet));
}

/** The number under which the client knows a channel of the server's. */
export function remoteId(channel: object): number {
  return (Reflect.get(channel, "outgoing") as { id: number }).id;
}
