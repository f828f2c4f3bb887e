import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AgentError } from "../../sdk/index.ts";
import type { transferLine } from "./transfer-line.ts";

export interface Receiving {
  readonly mode: number;
  /** Now where it is absent. */
  readonly modified?: Date;
  /** The most bytes that are taken; undefined: as many as come. */
  readonly limit: number | undefined;
  readonly line: ReturnType<typeof transferLine>;
  readonly signal: AbortSignal;
}

/** Writes what comes beside the target, and puts it in its place when it is whole. */
export async function receiveFile(content: ReadableStream<Uint8Array>, target: string, receiving: Receiving): Promise<void> {
  const { mode, modified, limit, line, signal } = receiving;
  const beside = join(target, "..", `.guise-${randomUUID()}`);
  let received = 0;
  const counted = new Transform({
    transform(piece: Buffer, _encoding, done) {
      received += piece.length;
      line.moved(received);
      if (limit !== undefined && received > limit)
        done(new AgentError("payload_too_large", `The file has more than ${limit} bytes.`, { remedy: "Raise --limit" }));
      else done(null, piece);
    },
  });
  try {
    const source = Readable.fromWeb(content as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(source, counted, createWriteStream(beside, { flags: "wx", mode }), { signal });
    if (modified !== undefined && modified.getTime() > 0) await utimes(beside, modified, modified);
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
  line.done(received);
}
