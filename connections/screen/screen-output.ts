import { clipboardMessage, fence } from "./both-sides.ts";
import { type ByteProgram, NotOfProtocol, pass, take, type Wants } from "./byte-machine.ts";
import { ENCODINGS, isUsualFormat, NO_SECURITY, PIXEL, TIGHT_PIXEL, VERSION } from "./rfb.ts";

export interface OutputPolicy {
  /** What is copied inside may be told outside. */
  readonly clipboardOut: boolean;
}

type Write = (bytes: Buffer) => void;
type Part<T = void> = Generator<Wants, T, Buffer>;

/** More rectangles end with a last one, and have no number. */
const UNCOUNTED = 0xffff;
const LONGEST_NAME = 256;
const MOST_SCREENS = 64;

/**
 * What a display inside may say to who looks at it: the whole protocol, message by message, for everything in it is a stranger's word. A message
 * that is not known has no length that could be known, so it ends the connection.
 */
export function screenOutput(policy: OutputPolicy): (write: Write) => ByteProgram {
  return function* (write) {
    yield* greeting(write);
    for (;;) yield* message(write, policy);
  };
}

/** Nobody is asked for a password: who reaches the socket is the workspace's owner. */
function* greeting(write: Write): Part {
  const version = yield* take(VERSION.length);
  if (!version.equals(VERSION)) throw new NotOfProtocol("another version");
  write(version);
  const [count = 0] = yield* take(1);
  const kinds = yield* take(count);
  if (!kinds.includes(NO_SECURITY)) throw new NotOfProtocol("it wants a password");
  write(Buffer.of(1, NO_SECURITY));
  const result = yield* take(4);
  if (result.readUInt32BE() !== 0) throw new NotOfProtocol("it lets nobody in");
  write(result);
  const facts = yield* take(24);
  if (!isUsualFormat(facts.subarray(4, 20))) throw new NotOfProtocol("pixels of another form");
  const length = facts.readUInt32BE(20);
  if (length > LONGEST_NAME) throw new NotOfProtocol("a name without end");
  yield* take(length);
  // Its own name for itself is nobody's business.
  write(Buffer.concat([facts.subarray(0, 20), Buffer.alloc(4)]));
}

function* message(write: Write, policy: OutputPolicy): Part {
  const [kind = 0] = yield* take(1);
  if (kind === 0) yield* update(write);
  else if (kind === 2 || kind === 150) write(Buffer.of(kind));
  else if (kind === 3) yield* clipboardMessage(write, kind, policy.clipboardOut);
  else if (kind === 248) yield* fence(write);
  else throw new NotOfProtocol(`message ${kind}`);
}

function* update(write: Write): Part {
  const head = yield* take(3);
  const count = head.readUInt16BE(1);
  write(Buffer.concat([Buffer.of(0), head]));
  for (let index = 0; count === UNCOUNTED || index < count; index++) if (yield* rectangle(write)) return;
}

/** Whether it was the last one. */
function* rectangle(write: Write): Part<boolean> {
  const head = yield* take(12);
  write(head);
  const width = head.readUInt16BE(4);
  const height = head.readUInt16BE(6);
  const encoding = head.readInt32BE(8);
  if (encoding === ENCODINGS.lastRect) return true;
  if (encoding === ENCODINGS.raw) yield* pass(width * height * PIXEL);
  else if (encoding === ENCODINGS.copyRect) yield* pass(4);
  else if (encoding === ENCODINGS.tight) yield* tight(write, width, height);
  else if (encoding === ENCODINGS.cursor) yield* pass(width * height * PIXEL + Math.ceil(width / 8) * height);
  else if (encoding === ENCODINGS.extendedDesktopSize) yield* screens(write);
  else if (encoding !== ENCODINGS.desktopSize) throw new NotOfProtocol(`encoding ${encoding}`);
  return false;
}

function* screens(write: Write): Part {
  const head = yield* take(4);
  if ((head[0] ?? 0) > MOST_SCREENS) throw new NotOfProtocol("screens without end");
  write(head);
  yield* pass((head[0] ?? 0) * 16);
}

const FILL = 8;
const JPEG = 9;
const FILTERED = 4;
const PALETTE = 1;
const MOST_FILTER = 2;
/** Fewer bytes are not compressed. */
const LEAST_COMPRESSED = 12;

function* tight(write: Write, width: number, height: number): Part {
  const control = yield* take(1);
  write(control);
  const kind = (control[0] ?? 0) >> 4;
  if (kind === FILL) yield* pass(TIGHT_PIXEL);
  else if (kind === JPEG) yield* pass(yield* compactLength(write));
  else if (kind > JPEG) throw new NotOfProtocol(`tight ${kind}`);
  else {
    const bytes = (kind & FILTERED) === 0 ? width * height * TIGHT_PIXEL : yield* filtered(write, width, height);
    yield* pass(bytes < LEAST_COMPRESSED ? bytes : yield* compactLength(write));
  }
}

/** Bytes of what follows, before it is compressed. */
function* filtered(write: Write, width: number, height: number): Part<number> {
  const filter = yield* take(1);
  write(filter);
  const [kind = 0] = filter;
  if (kind > MOST_FILTER) throw new NotOfProtocol(`filter ${kind}`);
  if (kind !== PALETTE) return width * height * TIGHT_PIXEL;
  const count = yield* take(1);
  write(count);
  const colors = (count[0] ?? 0) + 1;
  yield* pass(colors * TIGHT_PIXEL);
  return colors <= 2 ? Math.ceil(width / 8) * height : width * height;
}

/** One to three bytes, of which each but the third says whether another follows. */
function* compactLength(write: Write): Part<number> {
  let length = 0;
  for (const shift of [0, 7, 14]) {
    const byte = yield* take(1);
    write(byte);
    const [value = 0] = byte;
    length |= (shift === 14 ? value : value & 0x7f) << shift;
    if (value < 0x80) break;
  }
  return length;
}
