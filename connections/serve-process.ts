import { finished, Transform } from "node:stream";
import { CLOSED_WAYS, type ExecStart, Refusal } from "@guise/contract";
import type { WebSocket } from "ws";
import type { Clock } from "#foundation";
import { type Channel, type ChannelProcess, openCommand } from "#provisioning";
import { limitBehind } from "./limit-behind.ts";
import { PersonSocket } from "./person-socket.ts";
import type { Lease, OpenChannel } from "./shared-channels.ts";
import { startOf } from "./start-of.ts";
import { type StreamWatch, UNWATCHED } from "./stream-watch.ts";
import { TerminalFilter } from "./terminal-filter.ts";

/**
 * Runs the command (or login shell) that the first message asks for, over a light channel. Its end with the socket: SIGHUP. A command is
 * waited for; a shell waits for its person.
 */
export function serveExec(socket: WebSocket, openChannel: OpenChannel, clock: Clock, watch = UNWATCHED, isLimited = false): void {
  void serveProcess(
    new PersonSocket(socket, clock, watch),
    openChannel,
    { clock, watch, isLimited },
    ({ channel }, { command, terminal }) => {
      const options = terminal === undefined ? {} : { terminal };
      if (command === undefined) return channel.open(null, options);
      return waitedFor(watch, openCommand(channel, command, options));
    },
  );
}

/** What a launch of kind command runs, and who is told when it began and ended. */
export interface ForegroundCommand {
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly moved: (change: { readonly state: "running" } | { readonly state: "exited"; readonly exit: number }) => void;
}

/** Runs a launched command in the foreground, over a light channel; with a terminal when the first message asks for one. */
export function serveCommand(
  socket: WebSocket,
  openChannel: OpenChannel,
  foreground: ForegroundCommand,
  clock: Clock,
  watch = UNWATCHED,
  isLimited = false,
): void {
  const { command, variables, moved } = foreground;
  void serveProcess(new PersonSocket(socket, clock, watch), openChannel, { clock, watch, isLimited }, async ({ channel }, { terminal }) => {
    const options = { variables, ...(terminal === undefined ? {} : { terminal }) };
    const process = await waitedFor(watch, openCommand(channel, command, options));
    moved({ state: "running" });
    // A channel that ends without an exit status ends the command with it: its sandbox went, or its server was killed.
    process.exited.then(
      ({ exit }) => moved({ state: "exited", exit }),
      () => moved({ state: "exited", exit: LEFT.exit }),
    );
    return process;
  });
}

/** As long as it runs; it does not outlive its person's socket. */
async function waitedFor(watch: StreamWatch, opening: Promise<ChannelProcess>): Promise<ChannelProcess> {
  const process = await opening;
  const over = watch.command();
  process.exited.then(over, over);
  return process;
}

type Behind = ReturnType<typeof limitBehind>;
type Open = (lease: { readonly channel: Channel }, start: ExecStart) => Promise<ChannelProcess>;

interface Around {
  readonly clock: Clock;
  readonly watch: StreamWatch;
  /** Nothing but what is read on a screen leaves by it: there must be one. */
  readonly isLimited: boolean;
}

async function serveProcess(
  person: PersonSocket,
  openChannel: OpenChannel,
  { clock, watch, isLimited }: Around,
  open: Open,
): Promise<void> {
  let lease: Lease | undefined;
  try {
    const start = await startOf(person, clock);
    if (start === undefined) return;
    if (isLimited && start.terminal === undefined) throw new Refusal("closed_by_persona", `Its persona ${CLOSED_WAYS.streams}.`);
    lease = await openChannel();
    const began = clock.monotonic();
    const process = await open(lease, start);
    person.tellNotices();
    await join(person, isLimited ? filtered(process) : process, (exit) => limitBehind(exit, began, watch));
  } catch (error) {
    person.fail(error);
  } finally {
    lease?.release();
  }
}

function filtered(process: ChannelProcess): ChannelProcess {
  const filter = new TerminalFilter();
  const stdout = process.stdout.pipe(new Transform({ transform: (piece: Buffer, _encoding, done) => done(null, filter.push(piece)) }));
  process.stdout.on("error", (error) => stdout.destroy(error));
  return {
    ...process,
    stdout,
    resize: (size) => process.resize(size),
    signal: (name) => process.signal(name),
    close: () => process.close(),
  };
}

async function join(person: PersonSocket, process: ChannelProcess, behind: (exit: number) => Behind): Promise<void> {
  person.closed.then(() => {
    process.signal("HUP");
    process.close();
  });
  process.stdin.on("error", () => {});
  person.tell({ kind: "started" });
  person.pump(process.stdout, "stdout");
  person.pump(process.stderr, "stderr");
  person.handle({
    data: (bytes) => person.feed(process.stdin, bytes),
    control: (message) => {
      if (message.kind === "resize") process.resize(message);
      else if (message.kind === "signal") process.signal(message.signal);
      else if (message.kind === "end") process.stdin.end();
      else person.refuse();
    },
  });
  // the exit is the last word: all output goes before it
  const said = Promise.all([ended(process.stdout), ended(process.stderr)]);
  const { exit, signal } = await Promise.race([process.exited, person.closed.then(() => LEFT)]);
  await Promise.race([said, person.closed]);
  person.end({ kind: "exit", exit, ...(signal === undefined ? {} : { signal }), ...(await behind(exit)) });
}

const LEFT: { readonly exit: number; readonly signal?: string } = { exit: 255 };

function ended(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => finished(stream, { writable: false }, () => resolve()));
}
