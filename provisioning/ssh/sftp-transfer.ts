import { finished, Readable, Writable } from "node:stream";
import { ProvisioningError } from "../errors.ts";
import { REPLY, REQUEST } from "./sftp-packets.ts";
import { isEnd, type Reply, type SftpSession } from "./sftp-session.ts";

/** Every server takes and gives this much in one packet. */
const BLOCK = 32 * 1024;
/** Requests under way at once: 512 KiB cover the round trip of the channel at its full speed. */
const AHEAD = 16;

/** A file's content from its open handle, several requests ahead. The handle is closed at the end, or when the reader leaves. */
export function readStream(session: SftpSession, path: string, handle: Buffer): Readable {
  let begun = false;
  const blocks = async function* () {
    begun = true;
    yield* readBlocks(session, path, handle);
  };
  const stream = Readable.from(blocks(), { objectMode: false, highWaterMark: BLOCK });
  // One that is left before its first read never enters the function above.
  finished(stream, () => {
    if (!begun && !session.ended) session.request(path, REQUEST.close, handle).catch(() => {});
  });
  return stream;
}

async function* readBlocks(session: SftpSession, path: string, handle: Buffer): AsyncGenerator<Buffer> {
  let offset = 0n;
  let asked = 0n;
  let ahead: Promise<Buffer | undefined>[] = [];
  try {
    for (;;) {
      while (ahead.length < AHEAD) {
        ahead.push(readBlock(session, path, handle, asked));
        asked += BigInt(BLOCK);
      }
      const block = await ahead.shift();
      if (block === undefined) return;
      offset += BigInt(block.length);
      yield block;
      if (block.length < BLOCK) {
        // the server gave less than asked: what was asked beyond is not what follows
        await Promise.allSettled(ahead);
        ahead = [];
        asked = offset;
      }
    }
  } finally {
    await Promise.allSettled(ahead);
    if (!session.ended) await session.request(path, REQUEST.close, handle).catch(() => {});
  }
}

/** Undefined at the end of the file. Marked as handled at once: blocks beyond a failed one are never awaited. */
function readBlock(session: SftpSession, path: string, handle: Buffer, offset: bigint): Promise<Buffer | undefined> {
  const block = session.request(path, REQUEST.read, handle, offset, BLOCK).then(
    (reply) => {
      const data = session.expect(reply, REPLY.data, (fields) => fields.bytes());
      if (data.length === 0 || data.length > BLOCK) session.violate(`${data.length} bytes where ${BLOCK} were asked`);
      return Buffer.from(data);
    },
    (error: unknown) => {
      if (isEnd(error)) return undefined;
      throw error;
    },
  );
  block.catch(() => {});
  return block;
}

export interface WriteEnds {
  /** Gives the complete file its name. */
  complete(): Promise<void>;
  /** Looks for the reason of a failure while what was written is still there. */
  explain(error: unknown): Promise<unknown>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

/** Writes to an open handle, several requests ahead; `finish` comes when the file is complete under its name. */
export class SftpWriteStream extends Writable {
  readonly #session: SftpSession;
  readonly #path: string;
  readonly #handle: Buffer;
  readonly #ends: WriteEnds;
  readonly #underWay = new Set<Promise<Reply>>();
  #offset = 0n;
  #failed: Promise<unknown> | undefined;
  #complete = false;

  constructor(session: SftpSession, path: string, handle: Buffer, ends: WriteEnds) {
    super({ highWaterMark: AHEAD * BLOCK });
    this.#session = session;
    this.#path = path;
    this.#handle = handle;
    this.#ends = ends;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#writeAll(chunk).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#complete = true;
    Promise.allSettled(this.#underWay)
      .then(() => this.#throwIfFailed())
      .then(() => this.#ends.complete().catch((error: unknown) => this.#fail(error)))
      .then(() => this.#throwIfFailed())
      .then(
        () => done(),
        (error: Error) => {
          this.#complete = false;
          done(error);
        },
      );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#complete) {
      done(error);
      return;
    }
    Promise.allSettled(this.#underWay)
      .then(() => this.#ends.abandon())
      .then(
        () => done(error),
        () => done(error),
      );
  }

  async #writeAll(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; at += BLOCK) {
      await this.#throwIfFailed();
      while (this.#underWay.size >= AHEAD) await Promise.race(this.#underWay).catch(() => {});
      this.#send(chunk.subarray(at, at + BLOCK));
    }
    await this.#throwIfFailed();
  }

  #send(block: Buffer): void {
    const sent = this.#session.request(this.#path, REQUEST.write, this.#handle, this.#offset, block);
    this.#offset += BigInt(block.length);
    this.#underWay.add(sent);
    sent.then(
      () => this.#underWay.delete(sent),
      (error: unknown) => {
        this.#underWay.delete(sent);
        this.#fail(error);
      },
    );
  }

  #fail(error: unknown): void {
    this.#failed ??= this.#ends.explain(error);
  }

  async #throwIfFailed(): Promise<void> {
    if (this.#failed === undefined) return;
    const reason = await this.#failed;
    throw reason instanceof Error ? reason : new ProvisioningError("file_failed", `${this.#path} could not be written`);
  }
}
