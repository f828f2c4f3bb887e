import { NotOfProtocol, pass, take, type Wants } from "./byte-machine.ts";
import { MOST_CLIPBOARD, tellsClipboard } from "./rfb.ts";

/** Messages that a display and who looks at it both send, in the same form. */

type Write = (bytes: Buffer) => void;
type Part = Generator<Wants, void, Buffer>;

const MOST_FENCED = 64;

/** A mark in the stream that the other side gives back. */
export function* fence(write: Write): Part {
  const head = yield* take(8);
  const length = head[7] ?? 0;
  if (length > MOST_FENCED) throw new NotOfProtocol("a fence without end");
  write(Buffer.concat([Buffer.of(248), head]));
  yield* pass(length);
}

/** What is in a clipboard: text in the old form, or a message of the extended one, whose length is negative. */
export function* clipboardMessage(write: Write, kind: number, mayTell: boolean): Part {
  const head = yield* take(7);
  const signed = head.readInt32BE(3);
  const length = Math.abs(signed);
  if (length > MOST_CLIPBOARD || (signed < 0 && length < 4)) throw new NotOfProtocol("a clipboard without end");
  const flags = signed < 0 ? yield* take(4) : Buffer.alloc(0);
  const isTold = signed >= 0 || tellsClipboard(flags.readUInt32BE());
  const rest = length - flags.length;
  if (isTold && !mayTell) yield* drop(rest);
  else {
    write(Buffer.concat([Buffer.of(kind), head, flags]));
    yield* pass(rest);
  }
}

const PIECE = 4096;

function* drop(count: number): Part {
  for (let left = count; left > 0; left -= PIECE) yield* take(Math.min(left, PIECE));
}
