import { type Duplex, pipeline, Transform } from "node:stream";
import type { WebSocket } from "ws";
import type { Clock } from "#foundation";
import { ProvisioningError, screenSocket } from "#provisioning";
import { PersonSocket } from "../person-socket.ts";
import type { Lease, OpenChannel } from "../shared-channels.ts";
import { type StreamWatch, UNWATCHED } from "../stream-watch.ts";
import { ByteMachine } from "./byte-machine.ts";
import { screenInput } from "./screen-input.ts";
import { screenOutput } from "./screen-output.ts";

/** Which way text may go between the clipboards of the person and of the workspace. */
export interface ClipboardPolicy {
  readonly in: boolean;
  readonly out: boolean;
}

/** Of the whole stream only keys and the pointer are somebody's acts: a picture that moves by itself is looked at by nobody. */
type ScreenWatch = Pick<StreamWatch, "input" | "onNotice">;

/** Joins the display of a launched desktop application: RFB as bytes both ways, of which both sides are read. The application outlives the socket. */
export function serveScreen(
  socket: WebSocket,
  openChannel: OpenChannel,
  { launchId, clipboard }: { readonly launchId: string; readonly clipboard: ClipboardPolicy },
  clock: Clock,
  watch: ScreenWatch = UNWATCHED,
): void {
  const person = new PersonSocket(socket, clock, { ...UNWATCHED, onNotice: (tell) => watch.onNotice(tell) });
  void serve(person, openChannel, launchId, { clipboard, acted: () => watch.input() });
}

interface Around {
  readonly clipboard: ClipboardPolicy;
  readonly acted: () => void;
}

async function serve(person: PersonSocket, openChannel: OpenChannel, launchId: string, around: Around): Promise<void> {
  let lease: Lease | undefined;
  try {
    lease = await openChannel();
    person.tellNotices();
    await relay(person, await lease.channel.forward({ socket: screenSocket(launchId) }), around);
    person.end();
  } catch (error) {
    person.fail(error);
  } finally {
    lease?.release();
  }
}

/** Resolves when the display has ended, or the person has left; rejects when the channel is lost, or something is said that has no place. */
function relay(person: PersonSocket, display: Duplex, { clipboard, acted }: Around): Promise<void> {
  const output = new ByteMachine(screenOutput({ clipboardOut: clipboard.out }));
  const input = new ByteMachine(screenInput({ clipboardIn: clipboard.in, acted }));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const read = new Transform({
    transform(piece: Buffer, _encoding, done) {
      try {
        done(null, output.push(piece));
      } catch (cause) {
        done(new ProvisioningError("channel_hostile", "what came from the display is not of its protocol", { cause }));
      }
    },
  });
  pipeline(display, read, (error) => (error === undefined || error === null ? resolve() : reject(error)));
  person.closed.then(() => {
    display.destroy();
    resolve();
  });
  person.tell({ kind: "started" });
  person.pump(read, "stdout");
  person.handle({
    data(bytes) {
      let said: Buffer;
      try {
        said = input.push(bytes);
      } catch {
        person.refuse();
        return;
      }
      if (said.length > 0) person.feed(display, said);
    },
    control: () => person.refuse(),
  });
  return promise;
}
