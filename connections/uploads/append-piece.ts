import { createHash } from "node:crypto";
import { type Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { ChannelProcess } from "#provisioning";
import { pour } from "../pour.ts";
import { collectSaid } from "../said.ts";
import type { Lease } from "../shared-channels.ts";
import type { Ended } from "./told-failure.ts";
import { UploadError } from "./upload-error.ts";

export interface Piece {
  readonly content: Readable;
  readonly length: number;
  /** SHA-256 of the piece. */
  readonly digest: Buffer;
}

/** Runs the script that takes a piece in; `confirmation` follows the piece when it was found right, and nothing does when it was not. */
export async function appendPiece(
  { channel }: Lease,
  script: string,
  piece: Piece,
  confirmation: string,
  signal: AbortSignal,
): Promise<Ended> {
  signal.throwIfAborted();
  const taking = await channel.open(script);
  const stop = () => taking.close();
  signal.addEventListener("abort", stop, { once: true });
  const said = collectSaid(taking.stderr);
  const room = collectSaid(taking.stdout);
  try {
    const fed = pour(piece.content, checked(taking, piece, confirmation)).catch((error: unknown) => {
      if (!(error instanceof NoMoreRead)) throw error;
    });
    const { exit } = await Promise.race([taking.exited, fed.then(() => taking.exited)]);
    signal.throwIfAborted();
    // what it said may come behind its end
    if (exit !== 0) await Promise.allSettled([taking.stdout, taking.stderr].map((stream) => finished(stream, { writable: false })));
    return { exit, stdout: room(), stderr: said() };
  } finally {
    signal.removeEventListener("abort", stop);
    taking.close();
  }
}

/** dd may end before all was read; then what it said tells why, not the broken pipe. */
class NoMoreRead extends Error {}

/** Passes the piece on, and confirms it only when it is as long as was said and its digest is the sender's. */
function checked({ stdin }: ChannelProcess, { length, digest }: Piece, confirmation: string): Writable {
  const hash = createHash("sha256");
  let came = 0;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      came += chunk.length;
      if (came > length) {
        done(new UploadError("digest_differs", `more than the ${length} bytes that were announced arrived`));
        return;
      }
      hash.update(chunk);
      stdin.write(chunk, (error) => done(error ? new NoMoreRead() : null));
    },
    final(done) {
      if (came === length && hash.digest().equals(digest)) stdin.end(`${confirmation}\n`, () => done());
      else done(new UploadError("digest_differs", "what arrived of the piece is not what its digest says; nothing of it was kept"));
    },
  });
}
