import { EXIT_CODES, type LimitNote, limitNews, limitText, plainText } from "@guise/contract";
import type { CommandExit, CommandSession, OnNotice, OnOutput, TerminalSize } from "../sdk/index.ts";
import type { CommandContext, CommandOutput } from "./context.ts";
import { noticeBeside, noticeOver } from "./show-notice.ts";

export type OpenTerminal = (size: TerminalSize, onOutput: OnOutput, onNotice: OnNotice) => Promise<CommandSession>;
export type OpenCommand = (onOutput: OnOutput, onNotice: OnNotice) => Promise<CommandSession>;

/** Undoes what a program that could not say goodbye leaves behind: alternate screen, hidden cursor, mouse reports, bracketed paste, colors. */
const CALM_TERMINAL = "\u001b[?1049l\u001b[?25h\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[0m";

/** This terminal becomes the program's: raw mode, resize, every color. Whatever happens, the terminal is as it was afterwards. Gives the exit code. */
export async function inThisTerminal(context: CommandContext, open: OpenTerminal): Promise<number> {
  const { stdin, stdout } = context;
  const session = await open(sizeOf(context), (_stream, bytes) => written(stdout, bytes), noticeOver(context));
  const wasRaw = stdin.isRaw === true;
  const restore = () => {
    if (stdin.isTTY === true) stdin.setRawMode?.(wasRaw);
  };
  const { promise: terminated, resolve: terminate } = Promise.withResolvers<CommandExit>();
  const forget = [context.onExit(restore), context.onInterrupt(() => terminate({ exit: EXIT_CODES.interrupted }))];
  const resized = () => void session.resize(...dimensionsOf(stdout)).catch(() => {});
  const detach = fromInput(context, session);
  try {
    if (stdin.isTTY === true) stdin.setRawMode?.(true);
    stdout.on("resize", resized);
    const { exit, limit } = await Promise.race([session.exit, terminated]);
    // The screen under a notice is the program's, which has ended: it is said once more, to stay.
    if (limit !== undefined) context.stderr.write(`${lastWord(limit)}\r\n`);
    return exit;
  } catch (error) {
    if (stdout.isTTY === true) stdout.write(CALM_TERMINAL);
    throw error;
  } finally {
    stdout.off("resize", resized);
    detach();
    restore();
    for (const stop of forget) stop();
    session.close();
  }
}

/** A command with pipes: bytes in and out untouched, its own exit code. The first Ctrl-C goes to the command, the second ends us. */
export async function throughPipes(context: CommandContext, open: OpenCommand): Promise<number> {
  const notices: string[] = [];
  const show = noticeBeside(context);
  const session = await open(
    (stream, bytes) => written(stream === "stdout" ? context.stdout : context.stderr, bytes),
    (message) => {
      notices.push(message);
      show(message);
    },
  );
  let interrupts = 0;
  const { promise: given, resolve: giveUp } = Promise.withResolvers<CommandExit>();
  const forget = context.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) giveUp({ exit: EXIT_CODES.interrupted });
    else void session.signal("INT").catch(() => {});
  });
  const detach = fromInput(context, session);
  try {
    const { exit, limit } = await Promise.race([session.exit, given]);
    if (limit !== undefined && !notices.includes(limitNews(limit))) context.stderr.write(`${lastWord(limit)}\n`);
    return exit;
  } finally {
    detach();
    forget();
    session.close();
  }
}

/** A command that the kernel ended could not say why itself. */
function lastWord(limit: LimitNote): string {
  return plainText(limitText(limit));
}

/** Standard input to the session, no faster than it takes it. */
function fromInput({ stdin }: CommandContext, session: CommandSession): () => void {
  const piece = (bytes: Buffer | string) => {
    stdin.pause();
    void session.write(typeof bytes === "string" ? Buffer.from(bytes) : bytes).then(
      () => stdin.resume(),
      () => {}, // The lost connection is told by `exit`.
    );
  };
  const ended = () => void session.end().catch(() => {});
  stdin.on("data", piece);
  stdin.once("end", ended);
  stdin.resume();
  return () => {
    stdin.off("data", piece);
    stdin.off("end", ended);
    stdin.pause();
  };
}

function written(stream: CommandOutput, bytes: Uint8Array): void | Promise<void> {
  if (stream.destroyed || stream.write(bytes)) return;
  return new Promise((resolve) => {
    const taken = () => {
      stream.off("drain", taken).off("close", taken);
      resolve();
    };
    stream.on("drain", taken).on("close", taken);
  });
}

function dimensionsOf(stdout: CommandOutput): [number, number] {
  return [stdout.columns ?? 80, stdout.rows ?? 24];
}

function sizeOf(context: CommandContext): TerminalSize {
  const [columns, rows] = dimensionsOf(context.stdout);
  return { columns, rows, type: /^[A-Za-z0-9.+-]{1,64}$/.test(context.terminalType) ? context.terminalType : "xterm-256color" };
}
