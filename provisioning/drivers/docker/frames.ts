/** The engine's framing of a stream without terminal: [stream, 0, 0, 0, length (32 bit, big endian)], then that many bytes. */
export interface Frame {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Buffer;
}

const HEADER = 8;

/** Cuts chunks into frames. Bytes of a frame are handed on as they come: a frame of any announced length needs no room here. */
export class FrameReader {
  #header = Buffer.alloc(0);
  #stream: Frame["stream"] = "stdout";
  #left = 0;

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left === 0) rest = this.#readHeader(rest);
      else {
        const bytes = rest.subarray(0, this.#left);
        frames.push({ stream: this.#stream, bytes });
        this.#left -= bytes.length;
        rest = rest.subarray(bytes.length);
      }
    }
    return frames;
  }

  #readHeader(chunk: Buffer): Buffer {
    const need = HEADER - this.#header.length;
    this.#header = Buffer.concat([this.#header, chunk.subarray(0, need)]);
    if (this.#header.length === HEADER) {
      this.#stream = this.#header[0] === 2 ? "stderr" : "stdout";
      this.#left = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return chunk.subarray(need);
  }
}
