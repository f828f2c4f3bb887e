import { Duplex } from "node:stream";
import { FrameReader } from "./frames.ts";

/**
 * The standard streams of a process in a container, from the engine's hijacked connection: what is written goes to its
 * standard input, what it prints is read, standard error goes to `onStderr`. A slow reader stops the engine's stream.
 * Both halves end together (`allowHalfOpen: false`): else an ssh2 client on it never learns that its server died.
 */
export function engineStream(raw: Duplex, onStderr: (text: string) => void = () => {}): Duplex {
  const frames = new FrameReader();
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => void raw.resume(),
    write: (chunk, encoding, done) => void raw.write(chunk, encoding, done),
    final(done) {
      raw.end();
      done();
    },
    destroy(error, done) {
      raw.destroy();
      done(error);
    },
  });
  raw.on("data", (chunk: Buffer) => {
    let room = true;
    for (const { stream: name, bytes } of frames.push(chunk)) {
      if (name === "stderr") onStderr(bytes.toString("utf8"));
      else room = stream.push(bytes) && room;
    }
    if (!room) raw.pause();
  });
  raw.on("end", () => stream.push(null));
  raw.on("close", () => stream.destroy());
  raw.on("error", () => stream.destroy());
  return stream;
}
