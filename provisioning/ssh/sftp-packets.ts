/** SFTP version 3 (draft-ietf-secsh-filexfer-02), as far as files of a workspace need it. */
export const REQUEST = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rename: 18,
  extended: 200,
} as const;
export const REPLY = { version: 2, status: 101, handle: 102, data: 103, name: 104, attributes: 105, extended: 201 } as const;
export const STATUS = { ok: 0, endOfFile: 1, noSuchFile: 2 } as const;
export const OPEN_FLAG = { read: 1, write: 2, create: 8, exclusive: 32 } as const;

const HAS = { size: 1, owner: 2, mode: 4, times: 8, extended: 0x80000000 } as const;
const MOST_EXTENDED = 16;

/** What a reply says in another way than its kind allows. */
export class MalformedReply extends Error {}

/** Fields of a request, in order. Numbers are 32 bits; a bigint is 64; text and bytes carry their length. */
export function encode(...fields: readonly (number | bigint | string | Uint8Array)[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

function encodeField(field: number | bigint | string | Uint8Array): Buffer {
  if (typeof field === "number") {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(field >>> 0);
    return number;
  }
  if (typeof field === "bigint") {
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(field);
    return number;
  }
  const bytes = typeof field === "string" ? Buffer.from(field) : field;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Attributes that set the mode, and the time where one is given (ms since the epoch; SFTP has whole seconds). */
export function settingAttributes(mode: number, modified?: number): number[] {
  if (modified === undefined) return [HAS.mode, mode & 0o7777];
  const seconds = Math.min(Math.max(0, Math.floor(modified / 1000)), 0xffffffff);
  return [HAS.mode | HAS.times, mode & 0o7777, seconds, seconds];
}

export interface Attributes {
  readonly bytes: number;
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** Reads a reply's fields; a read beyond its end throws `MalformedReply`, so no count can make it loop. */
export class ReplyReader {
  readonly #packet: Buffer;
  #at = 0;

  constructor(packet: Buffer) {
    this.#packet = packet;
  }

  number(): number {
    return this.#take(4).readUInt32BE();
  }

  long(): number {
    return Number(this.#take(8).readBigUInt64BE());
  }

  bytes(): Buffer {
    return this.#take(this.number());
  }

  text(): string {
    return this.bytes().toString("utf8");
  }

  attributes(): Attributes {
    const has = this.number();
    const bytes = has & HAS.size ? this.long() : 0;
    if (has & HAS.owner) this.#take(8);
    const mode = has & HAS.mode ? this.number() : 0;
    let modified = 0;
    if (has & HAS.times) {
      this.#take(4);
      modified = this.number() * 1000;
    }
    if (has & HAS.extended) this.#skipExtended();
    return { bytes, mode, modified };
  }

  #skipExtended(): void {
    const count = this.number();
    if (count > MOST_EXTENDED) throw new MalformedReply(`${count} extended attributes`);
    for (let i = 0; i < count * 2; i++) this.bytes();
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#packet.length) throw new MalformedReply("a reply ends before its fields do");
    const taken = this.#packet.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
