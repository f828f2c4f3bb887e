/** What a reader of a stream wants next: so many bytes in one piece, or to let so many through as they come. */
export type Wants = { readonly take: number } | { readonly pass: number };

/** Reads a stream by what it says it wants; takes are given back one after another, passes give an empty piece when they are over. */
export type ByteProgram = Generator<Wants, void, Buffer>;

/** Nothing is taken in one piece that is longer: whoever sends it does not make us keep more. */
const MOST_TAKEN = 4096;
const NOTHING = Buffer.alloc(0);

/** What came is not of the protocol. */
export class NotOfProtocol extends Error {}

/** Runs a program over a stream that comes in pieces of any size, and gives what it lets through, and what it says itself, in order. */
export class ByteMachine {
  readonly #program: ByteProgram;
  #wants: Wants;
  #left: number;
  #taken: Buffer[] = [];
  #out: Buffer[] = [];

  /** `write`: what goes on; given to the program, which says there what it has taken and lets go on. */
  constructor(program: (write: (bytes: Buffer) => void) => ByteProgram) {
    this.#program = program((bytes) => void this.#out.push(bytes));
    this.#wants = { take: 0 };
    this.#left = 0;
    this.#step(NOTHING);
  }

  /** The bytes that go on. Throws NotOfProtocol. */
  push(piece: Buffer): Buffer {
    let at = 0;
    while (at < piece.length) {
      const part = piece.subarray(at, at + this.#left);
      at += part.length;
      this.#left -= part.length;
      if ("pass" in this.#wants) this.#out.push(part);
      else this.#taken.push(part);
      if (this.#left === 0) this.#step(this.#whole());
    }
    const out = this.#out.length === 1 ? (this.#out[0] ?? NOTHING) : Buffer.concat(this.#out);
    this.#out = [];
    return out;
  }

  #whole(): Buffer {
    const taken = this.#taken.length === 1 ? (this.#taken[0] ?? NOTHING) : Buffer.concat(this.#taken);
    this.#taken = [];
    return taken;
  }

  /** Goes on with the program until it wants bytes that are not there. */
  #step(whole: Buffer): void {
    let given = whole;
    do {
      const { value, done } = this.#program.next(given);
      if (done === true) throw new NotOfProtocol("nothing more was expected");
      this.#wants = value;
      this.#left = "take" in value ? value.take : value.pass;
      if ("take" in value && value.take > MOST_TAKEN) throw new NotOfProtocol(`${value.take} bytes in one piece`);
      given = NOTHING;
    } while (this.#left === 0);
  }
}

export function* take(count: number): Generator<Wants, Buffer, Buffer> {
  return yield { take: count };
}

export function* pass(count: number): Generator<Wants, void, Buffer> {
  if (count > 0) yield { pass: count };
}
