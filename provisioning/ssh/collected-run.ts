import type { ClientChannel } from "ssh2";
import type { RunOptions, RunResult } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import type { SshConnection } from "./connection.ts";
import { exitFrom } from "./ssh-process.ts";
import { sendSignal } from "./ssh2-internals.ts";

const MAXIMUM_OUTPUT = 2 ** 20;
const MOST_PARTS = 1024;

/** Feeds a command its input and collects what it says, both outputs together up to `maximumOutput` bytes. */
export async function collectRun(channel: ClientChannel, connection: SshConnection, options: RunOptions): Promise<RunResult> {
  const maximum = options.maximumOutput ?? MAXIMUM_OUTPUT;
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let bytes = 0;
  const exited = exitFrom(channel, connection);
  const finished = new Promise<void>((resolve, reject) => {
    const stop = (error: ProvisioningError) => {
      sendSignal(channel, "KILL");
      channel.close();
      reject(error);
    };
    const collect = (parts: Buffer[]) => (data: Buffer) => {
      bytes += data.length;
      if (bytes <= maximum) append(parts, data);
      else stop(new ProvisioningError("output_too_large", `a command said more than ${maximum} bytes`));
    };
    channel.on("data", collect(stdout));
    channel.stderr.on("data", collect(stderr));
    channel.on("error", () => {});
    channel.once("close", () => resolve());
    const abort = () => stop(cancelled(options.signal));
    options.signal?.addEventListener("abort", abort, { once: true });
    channel.once("close", () => options.signal?.removeEventListener("abort", abort));
    // it may have come while the command was being started
    if (options.signal?.aborted === true) abort();
  });
  channel.end(options.input === undefined ? undefined : Buffer.from(options.input));
  await finished;
  const { exit } = await exited;
  return { exit, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") };
}

/** Joined now and then: a command that says single bytes does not cost an object for each. */
function append(parts: Buffer[], data: Buffer): void {
  parts.push(data);
  if (parts.length > MOST_PARTS) parts.splice(0, parts.length, Buffer.concat(parts));
}

export function cancelled(signal: AbortSignal | undefined): ProvisioningError {
  return new ProvisioningError("cancelled", "the command was cancelled", { cause: signal?.reason });
}
