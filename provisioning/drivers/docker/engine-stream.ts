import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { THREAD_SHARE } from "#foundation";
import { FrameReader } from "./frames.ts";

/** Bytes that are handed on at once: of the smallest packets some hundred, each to be decrypted. */
const SLICE = 8 * 1024;
const NOTHING = Buffer.alloc(0);

/** Bytes that a program may say on its standard error; a server of ours says a line now and then. */
const MAXIMUM_STDERR = 2 ** 20;
/** Ms between two looks at a connection that nobody reads any more. */
const TRICKLE = 1000;

/**
 * The standard streams of a process in a container, from the engine's hijacked connection: what is written goes to its
 * standard input, what it prints is read, standard error goes to `onStderr`. A slow reader stops the engine's stream.
 * Standard error has no reader that could be slow: beyond a bound the stream ends.
 * Both halves end together (`allowHalfOpen: false`): else an ssh2 client on it never learns that its server died.
 */
export function engineStream(raw: Duplex, onStderr: (text: string) => void = () => {}): Duplex {
  const frames = new FrameReader();
  /** Read from the engine, not handed on yet. */
  let rest: Buffer = NOTHING;
  let hasRoom = true;
  let isWaiting = false;
  let complained = 0;

  const stream = new Duplex({
    allowHalfOpen: false,
    read() {
      hasRoom = true;
      handOn();
    },
    write: (chunk, encoding, done) => void raw.write(chunk, encoding, done),
    final(done) {
      raw.end();
      done();
    },
    destroy(error, done) {
      rest = NOTHING;
      letTrickle(raw);
      done(error);
    },
  });

  function handOn(): void {
    if (isWaiting || stream.destroyed) return;
    isWaiting = rest.length > 0 && hasRoom;
    if (isWaiting) THREAD_SHARE.spend(handOnSlice);
    goOnReading();
  }

  /** Whether more can be handed on. */
  function handOnSlice(): boolean {
    const slice = rest.subarray(0, SLICE);
    rest = rest.subarray(slice.length);
    for (const { stream: name, bytes } of frames.push(slice)) {
      if (name === "stderr") {
        complained += bytes.length;
        onStderr(bytes.toString("utf8"));
      } else hasRoom = stream.push(bytes);
    }
    if (complained > MAXIMUM_STDERR) stream.destroy();
    isWaiting = rest.length > 0 && hasRoom && !stream.destroyed;
    if (!isWaiting && rest.length === 0 && raw.readableEnded && !stream.destroyed) stream.push(null);
    if (!isWaiting && raw.destroyed) stream.destroy();
    if (!isWaiting && !stream.destroyed) goOnReading();
    return isWaiting;
  }

  function goOnReading(): void {
    if (rest.length === 0 && hasRoom) raw.resume();
    else raw.pause();
  }

  raw.on("data", (chunk: Buffer) => {
    if (stream.destroyed) return void raw.pause();
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    handOn();
  });
  raw.on("end", () => {
    if (rest.length === 0) stream.push(null);
  });
  // Who has stopped reading is not waited for.
  raw.on("close", () => {
    if (!isWaiting) stream.destroy();
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
