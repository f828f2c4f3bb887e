import { finished, type Readable } from "node:stream";
import { CHECK_OUTPUT, type CheckSeen, type PersonaCheck, timeOfCheck } from "@guise/contract";
import { type Clock, delay } from "#foundation";
import { type Channel, openCommand } from "#provisioning";

/** Runs it as the person's own commands are run. It is ended when its time is over or its output too long; what it left running goes with the workspace. */
export async function performCheck(channel: Channel, check: PersonaCheck, clock: Clock, signal: AbortSignal): Promise<CheckSeen> {
  const process = await openCommand(channel, ["sh", "-c", check.run]);
  const over = new AbortController();
  const late = delay(clock, timeOfCheck(check), AbortSignal.any([signal, over.signal])).then(() => undefined);
  late.catch(() => {});
  try {
    process.stdin.on("error", () => {});
    process.stdin.end();
    const stdout = collected(process.stdout);
    const stderr = collected(process.stderr);
    const ended = Promise.all([process.exited, stdout.ended, stderr.ended]).then(([{ exit }]) => exit);
    const exit = await Promise.race([ended, stdout.tooLong, stderr.tooLong, late]);
    const isTooLong = stdout.isTooLong() || stderr.isTooLong();
    return { stdout: stdout.text(), stderr: stderr.text(), isTooLong, ...(exit === undefined ? {} : { exit }) };
  } finally {
    over.abort(new Error("the check is over"));
    process.signal("KILL");
    process.close();
  }
}

function collected(stream: Readable) {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const { promise: tooLong, resolve } = Promise.withResolvers<undefined>();
  stream.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= CHECK_OUTPUT) pieces.push(piece);
    else resolve(undefined);
  });
  const ended = new Promise<void>((resolve) => finished(stream, { writable: false }, () => resolve()));
  return { tooLong, ended, isTooLong: () => bytes > CHECK_OUTPUT, text: () => Buffer.concat(pieces).toString("utf8") };
}
