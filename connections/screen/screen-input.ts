import { clipboardMessage, fence } from "./both-sides.ts";
import { type ByteProgram, NotOfProtocol, pass, take, type Wants } from "./byte-machine.ts";
import { isUsualFormat, mayEncode, NO_SECURITY, VERSION } from "./rfb.ts";

export interface InputPolicy {
  /** What is copied outside may be told inside. */
  readonly clipboardIn: boolean;
  /** A key or the pointer was moved. */
  readonly acted: () => void;
}

type Write = (bytes: Buffer) => void;
type Part<T = void> = Generator<Wants, T, Buffer>;

const MOST_ENCODINGS = 256;
const MOST_SCREENS = 64;
/** Messages of one length, by their kind: with the byte that tells it. */
const FRAMEBUFFER_REQUEST = 3;
const KEY = 4;
const POINTER = 5;
const CONTINUOUS = 150;
const LENGTHS: Readonly<Record<number, number>> = { [FRAMEBUFFER_REQUEST]: 10, [KEY]: 8, [POINTER]: 6, [CONTINUOUS]: 10 };

/** What who looks at a display may say to it. What it may ask the display to say is cut down to what is understood here. */
export function screenInput(policy: InputPolicy): (write: Write) => ByteProgram {
  return function* (write) {
    const version = yield* take(VERSION.length);
    if (!version.equals(VERSION)) throw new NotOfProtocol("another version");
    write(version);
    const security = yield* take(1);
    if (security[0] !== NO_SECURITY) throw new NotOfProtocol("another security");
    write(security);
    yield* take(1);
    // Others who look go on looking.
    write(Buffer.of(1));
    for (;;) yield* message(write, policy);
  };
}

function* message(write: Write, policy: InputPolicy): Part {
  const [kind = 0] = yield* take(1);
  const length = LENGTHS[kind];
  if (length !== undefined) {
    if (kind === KEY || kind === POINTER) policy.acted();
    write(Buffer.concat([Buffer.of(kind), yield* take(length - 1)]));
  } else if (kind === 0) yield* pixelFormat(write);
  else if (kind === 2) yield* encodings(write);
  else if (kind === 6) yield* clipboardMessage(write, kind, policy.clipboardIn);
  else if (kind === 248) yield* fence(write);
  else if (kind === 251) yield* desktopSize(write);
  else throw new NotOfProtocol(`message ${kind}`);
}

function* pixelFormat(write: Write): Part {
  const rest = yield* take(19);
  if (!isUsualFormat(rest.subarray(3))) throw new NotOfProtocol("pixels of another form");
  write(Buffer.concat([Buffer.of(0), rest]));
}

function* encodings(write: Write): Part {
  const head = yield* take(3);
  const count = head.readUInt16BE(1);
  if (count > MOST_ENCODINGS) throw new NotOfProtocol("encodings without end");
  const all = yield* take(count * 4);
  const wanted = Array.from({ length: count }, (_, index) => all.readInt32BE(index * 4)).filter(mayEncode);
  const kept = Buffer.alloc(4 + wanted.length * 4);
  kept[0] = 2;
  kept.writeUInt16BE(wanted.length, 2);
  for (const [index, encoding] of wanted.entries()) kept.writeInt32BE(encoding, 4 + index * 4);
  write(kept);
}

function* desktopSize(write: Write): Part {
  const head = yield* take(7);
  const count = head[5] ?? 0;
  if (count > MOST_SCREENS) throw new NotOfProtocol("screens without end");
  write(Buffer.concat([Buffer.of(251), head]));
  yield* pass(count * 16);
}
