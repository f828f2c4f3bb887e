import { type ChildProcess, fork } from "node:child_process";
import { READER_UP, type ReaderAnswer, type ReaderQuestion } from "./reader-protocol.ts";

/** A process that reads. After `kill` it says nothing more; it has ended when `onEnd` says so. */
export interface ReaderChild {
  /** Taken as soon as it is up. */
  ask(question: ReaderQuestion): void;
  /** How long a process takes to start is the machine's matter, and no sandbox's. */
  onUp(listener: () => void): void;
  onAnswer(listener: (answer: ReaderAnswer) => void): void;
  onEnd(listener: (how: string) => void): void;
  /** Once it has answered what it was asked. */
  end(): void;
  kill(): void;
}

/** Of the smallest kind that Node has: it holds a table or two. */
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=64"];

/** Ends with us, however we end: when the connection to us is gone. Only while it is asked something does it keep us from ending. */
export function startReader(program: URL = new URL("./reader-process.ts", import.meta.url)): ReaderChild {
  // A session of its own: a Ctrl-C of our terminal is ours to answer, and the last readings are part of the answer.
  const child = fork(program, [], { cwd: "/", env: {}, execArgv: FLAGS, detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  hold(child, false);
  return {
    ask: (question) => {
      hold(child, true);
      // One that has just ended tells so itself.
      child.send(question, () => {});
    },
    onUp: (listener) =>
      void child.on("message", (message) => {
        if (message === READER_UP) listener();
      }),
    onAnswer: (listener) =>
      void child.on("message", (answer) => {
        if (answer === READER_UP) return;
        hold(child, false);
        listener(answer as ReaderAnswer);
      }),
    onEnd: (listener) => {
      child.once("exit", (code, signal) => listener(signal ?? `exit ${code}`));
      // One that could not be started has no end.
      child.on("error", (error) => {
        if (child.pid === undefined) listener(error.message);
      });
    },
    end: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => {
      hold(child, false);
      child.kill("SIGKILL");
    },
  };
}

function hold(child: ChildProcess, holds: boolean): void {
  for (const one of [child, child.channel]) holds ? one?.ref() : one?.unref();
}
