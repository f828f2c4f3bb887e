import { ArchiveBytes } from "./archive-bytes.ts";
import type { Entry, EntryType } from "./entry-rules.ts";

const BLOCK = 512;
/** A name or a set of records as long as this is in no honest archive. */
const LONGEST_RECORDS = 2 ** 20;
const TYPES = new Map<string, EntryType>([
  ["\0", "file"],
  ["0", "file"],
  ["7", "file"],
  ["1", "link"],
  ["2", "symlink"],
  ["5", "directory"],
]);

export interface ArchiveEntry extends Entry {
  readonly mode: number;
  /** Seconds since the epoch. */
  readonly modified: number;
  readonly records: ReadonlyMap<string, string>;
  /** Read or not: the next entry begins behind it. */
  readonly content: AsyncIterable<Buffer>;
}

export class BrokenArchive extends Error {}

/**
 * The entries of a tar archive: ustar, GNU and pax. Our own reader and not the package's that packs: of a stranger's archive that
 * one keeps records of any length in memory, and a record of negative length holds it for ever. Throws BrokenArchive, also where
 * the archive has no end.
 */
export async function* readArchive(archive: AsyncIterable<Uint8Array>): AsyncGenerator<ArchiveEntry> {
  const bytes = new ArchiveBytes(archive);
  let records = new Map<string, string>();
  try {
    for (;;) {
      const header = await bytes.take(BLOCK);
      if (header === undefined) throw new BrokenArchive("the archive broke off");
      if (header.every((byte) => byte === 0)) return await bytes.drain();
      checkSum(header);
      const letter = header.toString("latin1", 156, 157);
      const size = numberAt(header, 124, 12);
      if ("xgLK".includes(letter)) {
        const text = await recordText(bytes, size);
        if (letter === "x") records = new Map([...records, ...recordsIn(text)]);
        else if (letter !== "g") records.set(letter === "L" ? "path" : "linkpath", textAt(text, 0, text.length));
        continue;
      }
      const content = new Content(bytes, sizeOf(letter, size, records));
      yield entryOf(header, TYPES.get(letter) ?? "other", records, content);
      await content.skip();
      records = new Map();
    }
  } finally {
    await bytes.close();
  }
}

/** What follows a header, with the padding behind it. */
class Content implements AsyncIterable<Buffer> {
  readonly #bytes: ArchiveBytes;
  readonly #padding: number;
  #left: number;

  constructor(bytes: ArchiveBytes, size: number) {
    this.#bytes = bytes;
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    while (this.#left > 0) {
      const piece = await this.#bytes.some(this.#left);
      if (piece === undefined) throw new BrokenArchive("the archive broke off");
      this.#left -= piece.length;
      yield piece;
    }
  }

  async skip(): Promise<void> {
    for await (const _ of this);
    if ((await this.#bytes.take(this.#padding)) === undefined) throw new BrokenArchive("the archive broke off");
  }
}

function entryOf(header: Buffer, type: EntryType, records: ReadonlyMap<string, string>, content: Content): ArchiveEntry {
  const modified = Number(records.get("mtime") ?? numberAt(header, 136, 12));
  return {
    name: records.get("path") ?? nameIn(header),
    type,
    linkname: records.get("linkpath") ?? textAt(header, 157, 100),
    mode: numberAt(header, 100, 8) & 0o7777,
    modified: Number.isFinite(modified) ? modified : 0,
    records,
    content,
  };
}

/** Links and folders have none, whatever is said. */
function sizeOf(letter: string, size: number, records: ReadonlyMap<string, string>): number {
  if (letter === "1" || letter === "2" || letter === "5") return 0;
  const told = records.get("size");
  if (told === undefined) return size;
  if (!/^\d{1,15}$/.test(told)) throw new BrokenArchive("a size is no number");
  return Number(told);
}

async function recordText(bytes: ArchiveBytes, size: number): Promise<Buffer> {
  if (size > LONGEST_RECORDS) throw new BrokenArchive("a name is longer than any file can have");
  const whole = await bytes.take(Math.ceil(size / BLOCK) * BLOCK);
  if (whole === undefined) throw new BrokenArchive("the archive broke off");
  return whole.subarray(0, size);
}

/** `LENGTH KEY=VALUE\n`, the length counting all of it. */
function recordsIn(text: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(" ", at);
    const length = Number(text.toString("latin1", at, Math.max(at, space)));
    const end = at + length;
    // each record ends behind its own first space: the reader gets on
    if (space === -1 || !Number.isSafeInteger(length) || end <= space || end > text.length)
      throw new BrokenArchive("a record has no length");
    const [key = "", ...value] = text.toString("utf8", space + 1, end - 1).split("=");
    records.set(key, value.join("="));
    at = end;
  }
  return records;
}

function nameIn(header: Buffer): string {
  const name = textAt(header, 0, 100);
  // GNU's own form has times where ustar has the first part of a long path
  const prefix = header.toString("latin1", 257, 263) === "ustar\0" ? textAt(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textAt(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}

/** Octal, or binary behind a first byte of 0x80. */
function numberAt(header: Buffer, at: number, length: number): number {
  const isBinary = header[at] === 0x80;
  const number = isBinary
    ? header.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256 + byte, 0)
    : Number.parseInt(header.toString("latin1", at, at + length).trim() || "0", 8);
  if (!Number.isSafeInteger(number) || number < 0) throw new BrokenArchive("a number is none");
  return number;
}

function checkSum(header: Buffer): void {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (numberAt(header, 148, 8) !== sum) throw new BrokenArchive("it is no tar archive");
}
