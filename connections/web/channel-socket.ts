import type { Duplex } from "node:stream";
import type { Lease } from "../shared-channels.ts";

/** What node:http asks of a socket; none of it has a meaning over a channel. */
const SOCKET = {
  setKeepAlive() {
    return this;
  },
  setNoDelay() {
    return this;
  },
  setTimeout() {
    return this;
  },
  ref() {
    return this;
  },
  unref() {
    return this;
  },
};

/** A connection inside, in the shape of a socket; the channel is given back with it. */
export function channelSocket(connection: Duplex, lease: Lease, sees: (bytes: Buffer) => void): Duplex {
  connection.once("close", () => lease.release());
  // It may be lost while nobody holds it.
  connection.on("error", () => {});
  const write = connection.write.bind(connection) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
  const watched = (chunk: unknown, ...rest: readonly unknown[]): boolean => {
    sees(
      typeof chunk === "string"
        ? Buffer.from(chunk, typeof rest[0] === "string" ? (rest[0] as BufferEncoding) : "utf8")
        : (chunk as Buffer),
    );
    return write(chunk, ...rest);
  };
  return Object.assign(connection, SOCKET, { write: watched });
}
