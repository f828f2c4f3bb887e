import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { TurnReader } from "#foundation";
import { FrameReader } from "./frames.ts";

/** Bytes that are handed on at once: of the smallest packets a hundred, each to be decrypted. */
const SLICE = 8 * 1024;

/** Bytes that a program may say on its standard error; a server of ours says a line now and then. */
const MAXIMUM_STDERR = 2 ** 20;
/** Bytes of its output that `onBeginning` is told: where a program did not start, the engine says so there. */
const BEGINNING = 500;
/** Ms between two looks at a connection that nobody reads any more. */
const TRICKLE = 1000;

/**
 * The standard streams of a process in a container, from the engine's hijacked connection: what is written goes to its
 * standard input, what it prints is read, standard error goes to `onStderr`. A slow reader stops the engine's stream.
 * Standard error has no reader that could be slow: beyond a bound the stream ends.
 * `onBeginning` is told the first of what is read as well.
 * Both halves end together (`allowHalfOpen: false`): else an ssh2 client on it never learns that its server died.
 */
export function engineStream(
  raw: Duplex,
  onStderr: (text: string) => void = () => {},
  onBeginning: (text: string) => void = () => {},
): Duplex {
  const frames = new FrameReader();
  let complained = 0;
  let begun = 0;
  const stream = new Duplex({
    allowHalfOpen: false,
    // What it keeps is handed on beside the share of the thread.
    readableHighWaterMark: SLICE,
    read: () => reader.resume(),
    write: (chunk, encoding, done) => void raw.write(chunk, encoding, done),
    // A packet of ssh2's is three writes, two of them of a few bytes.
    writev: (chunks, done) => void raw.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
    final(done) {
      raw.end();
      done();
    },
    destroy(error, done) {
      reader.stop();
      letTrickle(raw);
      done(error);
    },
  });
  const reader = new TurnReader(raw, {
    slice: SLICE,
    take(slice) {
      let hasRoom = true;
      for (const { stream: name, bytes } of frames.push(slice)) {
        if (name === "stderr") {
          complained += bytes.length;
          onStderr(bytes.toString("utf8"));
        } else {
          if (begun < BEGINNING) onBeginning(bytes.subarray(0, BEGINNING - begun).toString("utf8"));
          begun += bytes.length;
          hasRoom = stream.push(bytes) && stream.readableLength === 0;
        }
      }
      if (complained > MAXIMUM_STDERR) stream.destroy();
      return hasRoom;
    },
    end: () => void stream.push(null),
    close: () => void stream.destroy(),
  });
  raw.on("error", () => stream.destroy());
  return stream;
}

/**
 * A connection that nobody reads any more is not closed by us: the engine would take whatever the container's programs go on printing,
 * on its own account and as fast as they can. Measured: 0.12 cores inside cost 0.67 in the engine. Left open and
 * hardly read, it holds the programs up instead; the engine closes it when they have ended.
 */
function letTrickle(raw: Duplex): void {
  if (raw.destroyed || raw.readableEnded) return void raw.destroy();
  raw.end();
  raw.pause();
  const timer = setInterval(() => raw.resume(), TRICKLE);
  timer.unref();
  if (raw instanceof Socket) raw.unref();
  raw.once("close", () => clearInterval(timer));
}
