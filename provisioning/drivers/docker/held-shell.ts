import type { Duplex } from "node:stream";
import { ProvisioningError } from "#provisioning";

export interface ShellAnswer {
  /** Standard output and standard error together. */
  readonly output: string;
  readonly exit: number;
}

export interface HeldShell {
  /**
   * One order in, its output and exit code out; orders run one after another (0.3 ms each, an exec costs 50).
   * Rejects `sandbox_gone` when the shell has closed, `output_too_large` (and closes) beyond 1 MiB.
   */
  run(order: string): Promise<ShellAnswer>;
  /** Settles when the shell has ended. */
  readonly closed: Promise<void>;
  close(): void;
}

const MAXIMUM_OUTPUT = 1024 * 1024;

/** Speaks to a shell that waits for orders on a stream. What it said before the first order must have been read already. */
export function holdShell(stream: Duplex): HeldShell {
  let received = "";
  let waiting: { readonly end: RegExp; resolve(answer: ShellAnswer): void; reject(error: Error): void } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  let ended: ProvisioningError | undefined;

  const end = (error: ProvisioningError) => {
    ended ??= error;
    waiting?.reject(ended);
    waiting = undefined;
  };
  const closed = new Promise<void>((resolve) =>
    stream.once("close", () => {
      end(new ProvisioningError("sandbox_gone", "the shell of the guard has closed"));
      resolve();
    }),
  );
  stream.on("error", () => stream.destroy());
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    received += text;
    if (received.length > MAXIMUM_OUTPUT) {
      end(new ProvisioningError("output_too_large", "an order printed more than 1 MiB"));
      stream.destroy();
      return;
    }
    const match = waiting?.end.exec(received);
    if (waiting === undefined || match === undefined || match === null) return;
    const answer = { output: received.slice(0, match.index), exit: Number(match[1]) };
    received = received.slice(match.index + match[0].length);
    waiting.resolve(answer);
    waiting = undefined;
  });
  // whoever read the first words paused the stream, and a listener alone does not start a paused one again
  stream.resume();

  const send = (order: string) =>
    new Promise<ShellAnswer>((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      const mark = `GUISE-ORDER-${++count}`;
      waiting = { end: new RegExp(`${mark}=(\\d+)\\n`), resolve, reject };
      stream.write(`{ ${order}\n} 2>&1 </dev/null; echo ${mark}=$?\n`);
    });
  return {
    run(order) {
      const answer = last.then(() => send(order));
      last = answer.catch(() => {});
      return answer;
    },
    closed,
    close: () => void stream.destroy(),
  };
}
