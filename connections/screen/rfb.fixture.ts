/** Pieces of RFB as its two sides write them. */

export const u16 = (value: number) => Buffer.from([(value >> 8) & 255, value & 255]);
export const u32 = (value: number) => Buffer.from([(value >>> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
export const bytes = (...parts: readonly (number | string | Buffer)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === "number" ? Buffer.of(part) : typeof part === "string" ? Buffer.from(part, "latin1") : part)),
  );

export const VERSION = "RFB 003.008\n";
export const FORMAT = bytes(32, 24, 0, 1, u16(255), u16(255), u16(255), 16, 8, 0, 0, 0, 0);

/** What a display says until its first message. */
export const greeting = (over: { format?: Buffer; name?: string; kinds?: readonly number[]; result?: number } = {}) => {
  const { format = FORMAT, name = "host:1 (user)", kinds = [1], result = 0 } = over;
  return bytes(VERSION, kinds.length, ...kinds, u32(result), u16(640), u16(480), format, u32(name.length), name);
};
export const handshake = bytes(VERSION, 1, 0);

export const rectangle = (encoding: number, width: number, height: number, ...content: readonly (number | string | Buffer)[]) =>
  bytes(u16(1), u16(2), u16(width), u16(height), u32(encoding), ...content);
export const update = (...rectangles: readonly Buffer[]) => bytes(0, 0, u16(rectangles.length), ...rectangles);

export const NOTIFY = u32((1 << 27) | 1);
export const PROVIDE = u32((1 << 28) | 1);
export const REQUEST = u32((1 << 25) | 1);
export const CAPS = u32((1 << 24) | 1);
export const clipboard = (kind: number, ...content: readonly Buffer[]) => {
  const all = bytes(...content);
  return bytes(kind, 0, 0, 0, u32(-all.length), all);
};
export const cutText = (kind: number, text: string) => bytes(kind, 0, 0, 0, u32(text.length), text);
