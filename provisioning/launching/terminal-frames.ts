/** The frames of `inside/main/terminal`: a letter, four bytes of length, and as many bytes. */

/** Bytes of one frame at most; what is longer is not from our program. */
const LONGEST = 128 * 1024;
const HEAD = 5;

export interface Frame {
  readonly kind: string;
  readonly content: Buffer;
}

export function frameOf(kind: string, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content as string);
  const head = Buffer.alloc(HEAD);
  head.write(kind, "latin1");
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Takes pieces as they come, gives the frames that are whole. Undefined for what cannot be one. */
export function frameReader(): (piece: Buffer) => readonly Frame[] | undefined {
  let pieces: Buffer[] = [];
  let length = 0;
  return (piece) => {
    pieces.push(piece);
    length += piece.length;
    if (length < HEAD) return [];
    let rest = pieces.length === 1 ? piece : Buffer.concat(pieces);
    const frames: Frame[] = [];
    while (rest.length >= HEAD) {
      const size = rest.readUInt32BE(1);
      if (size > LONGEST) return undefined;
      if (rest.length < HEAD + size) break;
      frames.push({ kind: String.fromCharCode(rest[0] ?? 0), content: rest.subarray(HEAD, HEAD + size) });
      rest = rest.subarray(HEAD + size);
    }
    pieces = rest.length === 0 ? [] : [rest];
    length = rest.length;
    return frames;
  };
}
