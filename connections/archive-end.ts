const BLOCK = 512;
const NOTHING = Buffer.alloc(0);

/** Follows the blocks of a tar archive to its end, before which one more entry can be put. */
export class ArchiveEnd {
  /** Bytes of an entry's content that are still to come. */
  #content = 0;
  /** The beginning of a header. */
  #held: Buffer = NOTHING;
  #reached = false;

  /** What may go on of this piece: all but the zeros that end the archive, and a header that is not whole yet. */
  through(piece: Buffer): Buffer {
    if (this.#reached) return NOTHING;
    const data = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    this.#held = NOTHING;
    let at = Math.min(this.#content, data.length);
    this.#content -= at;
    while (this.#content === 0 && at + BLOCK <= data.length && !this.#reached) {
      const header = data.subarray(at, at + BLOCK);
      if (header.every((byte) => byte === 0)) this.#reached = true;
      else {
        const whole = BLOCK + Math.ceil(sizeIn(header) / BLOCK) * BLOCK;
        const here = Math.min(whole, data.length - at);
        this.#content = whole - here;
        at += here;
      }
    }
    if (this.#content === 0 && !this.#reached) this.#held = Buffer.from(data.subarray(at));
    return data.subarray(0, at);
  }

  /** What was held back of an archive that ended without its end, and whether there was one. */
  finish(): { readonly reached: boolean; readonly rest: Buffer } {
    return { reached: this.#reached, rest: this.#held };
  }
}

/** Octal, or binary behind a first byte of 0x80 from 8 GiB on. An archive that is none is passed on as it comes. */
function sizeIn(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) !== 0) return Number(header.readBigUInt64BE(128) & 0x1f_ffff_ffff_ffffn);
  const size = Number.parseInt(header.toString("latin1", 124, 136), 8);
  return Number.isSafeInteger(size) && size > 0 ? size : 0;
}
