import { Transform, type TransformCallback } from "node:stream";

/** What `dtach -a` prints when the program of its terminal has ended: cursor to the last row, a blank line, its own words. */
const FAREWELL = Buffer.from("\x1b[999H\r\n[EOF - dtach terminating]\r\n");

/**
 * A terminal's output without dtach's farewell, which would scroll away what a program said last and means nothing to a person.
 * Only at the very end: a program may print the same words. Bytes that may begin it are held until the next ones come.
 */
export class WithoutFarewell extends Transform {
  #held: Buffer = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const begin = beginOfFarewell(bytes);
    this.#held = bytes.subarray(begin);
    done(null, begin === 0 ? undefined : bytes.subarray(0, begin));
  }

  override _flush(done: TransformCallback): void {
    const said = this.#held.subarray(0, FAREWELL.length).equals(FAREWELL) ? this.#held.subarray(FAREWELL.length) : this.#held;
    done(null, said.length === 0 ? undefined : said);
  }
}

/** dtach shows the cursor again after its farewell; nothing longer comes. */
const LONGEST_AFTER = 16;

/** Where a farewell, whole or cut, begins at the end of these bytes; their length when none does. */
function beginOfFarewell(bytes: Buffer): number {
  const whole = bytes.lastIndexOf(FAREWELL);
  if (whole >= 0 && bytes.length - whole - FAREWELL.length <= LONGEST_AFTER) return whole;
  for (let begin = Math.max(0, bytes.length - FAREWELL.length + 1); begin < bytes.length; begin++)
    if (bytes.subarray(begin).equals(FAREWELL.subarray(0, bytes.length - begin))) return begin;
  return bytes.length;
}
