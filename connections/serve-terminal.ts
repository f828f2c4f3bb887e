import { randomUUID } from "node:crypto";
import type { ExecStart } from "@guise/contract";
import type { WebSocket } from "ws";
import type { Clock } from "#foundation";
import { type JoinedTerminal, joinTerminal } from "#provisioning";
import { limitBehind } from "./limit-behind.ts";
import { PersonSocket } from "./person-socket.ts";
import type { Lease, OpenChannel } from "./shared-channels.ts";
import { startOf } from "./start-of.ts";
import { type StreamWatch, UNWATCHED } from "./stream-watch.ts";
import { TerminalFilter } from "./terminal-filter.ts";

const USUAL_TERMINAL = { columns: 80, rows: 24 } as const;

/** Joins the terminal of a launch, over a light channel. Its program outlives the socket; a viewer that names itself goes on where it broke off. */
export function serveTerminal(
  socket: WebSocket,
  openChannel: OpenChannel,
  launchId: string,
  clock: Clock,
  watch = UNWATCHED,
  isLimited = false,
): void {
  void serve(new PersonSocket(socket, clock, watch), openChannel, launchId, { clock, watch, isLimited });
}

interface Around {
  readonly clock: Clock;
  readonly watch: StreamWatch;
  /** Nothing but what is read on the screen leaves by it. */
  readonly isLimited: boolean;
}

async function serve(person: PersonSocket, openChannel: OpenChannel, launchId: string, { clock, watch, isLimited }: Around): Promise<void> {
  let lease: Lease | undefined;
  try {
    const start = await startOf(person, clock);
    if (start === undefined) return;
    lease = await openChannel();
    const began = clock.monotonic();
    const behind = (exit: number) => limitBehind(exit, began, watch);
    person.tellNotices();
    await relay(
      person,
      await joinTerminal(lease.channel, launchId, joinOf(start)),
      { tells: start.viewer !== undefined, isLimited },
      behind,
    );
  } catch (error) {
    person.fail(error);
  } finally {
    lease?.release();
  }
}

function joinOf({ terminal, viewer }: ExecStart) {
  return { size: terminal ?? USUAL_TERMINAL, viewer: viewer?.name ?? randomUUID(), from: viewer?.from };
}

type Behind = (exit: number) => ReturnType<typeof limitBehind>;

/** Resolves with the program, or when the person has left; rejects when the terminal's connection is lost. `tells`: the person says what it has taken. */
function relay(
  person: PersonSocket,
  terminal: JoinedTerminal,
  { tells, isLimited }: { readonly tells: boolean; readonly isLimited: boolean },
  behind: Behind,
): Promise<void> {
  const filter = isLimited ? new TerminalFilter() : undefined;
  const { offset, present, received } = terminal.standing;
  let sent = offset;
  person.tell({ kind: "started", ...(tells ? { offset, present, received } : {}) });
  const taken = (upTo: number) => {
    // What was written before the person came is seen once more, and says nothing of now.
    if (upTo > present) person.sawOutput();
    terminal.taken(upTo);
  };
  return new Promise((resolve, reject) => {
    let left = false;
    person.closed.then(() => {
      if (!left) terminal.close();
      resolve();
    });
    terminal.handle({
      output: (bytes) => {
        sent += bytes.length;
        const upTo = sent;
        // Who does not tell has taken what went out.
        person.send("stdout", filter?.push(bytes) ?? bytes, tells ? undefined : () => taken(upTo));
      },
      received: (bytes) => tells && person.tell({ kind: "received", bytes }),
      exited: (exit) => {
        left = true;
        terminal.leave();
        void behind(exit).then((limit) => {
          person.end({ kind: "exit", exit, ...limit });
          resolve();
        });
      },
      lost: reject,
    });
    person.handle({
      data: (bytes) => {
        if (!terminal.input(bytes)) person.waitFor(terminal.drained());
      },
      control: (message) => {
        if (message.kind === "resize") terminal.resize(message);
        else if (message.kind === "taken" && tells) taken(message.offset);
        else if (message.kind === "leave") {
          left = true;
          terminal.leave();
          person.end();
        } else if (message.kind !== "end" && message.kind !== "signal") person.refuse();
      },
    });
  });
}
