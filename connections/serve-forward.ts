import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { type Clock, systemClock } from "#foundation";
import type { Listening } from "#provisioning";
import { PersonSocket } from "./person-socket.ts";
import type { Lease, OpenChannel } from "./shared-channels.ts";

/** One connection to a loopback port or unix socket inside, over a bulk channel. The end of it is the goodbye of the socket. */
export function serveForward(
  socket: WebSocket,
  openChannel: OpenChannel,
  target: Listening,
  clock: Clock = systemClock,
  sees?: SeesBytes,
): void {
  void forward(new PersonSocket(socket, clock), openChannel, target, sees);
}

/** Sees what the person sends through a connection. */
export type SeesBytes = (bytes: Buffer) => void;

async function forward(person: PersonSocket, openChannel: OpenChannel, target: Listening, sees: SeesBytes | undefined): Promise<void> {
  let lease: Lease | undefined;
  try {
    lease = await openChannel();
    await join(person, await lease.channel.forward(target), sees);
    person.end();
  } catch (error) {
    person.fail(error);
  } finally {
    lease?.release();
  }
}

/** Resolves when what listens inside has ended the connection, or the person has left; rejects when the channel is lost. */
function join(person: PersonSocket, connection: Duplex, sees: SeesBytes | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once("error", reject);
    connection.once("end", resolve);
    connection.once("close", resolve);
    person.closed.then(() => connection.destroy());
    person.tell({ kind: "started" });
    person.pump(connection, "stdout");
    person.handle({
      data: (bytes) => {
        sees?.(bytes);
        person.feed(connection, bytes);
      },
      control: (message) => {
        if (message.kind === "end") connection.end();
        else person.refuse();
      },
    });
  });
}
