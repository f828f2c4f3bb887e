/** Numbers of the RFB protocol, version 3.8, and of the extensions that a screen here may use. Sources: RFC 6143 and the community's rfbproto. */

export const VERSION = Buffer.from("RFB 003.008\n", "latin1");
export const NO_SECURITY = 1;

/** What a server may draw with, beside levels of quality and compression: that alone is understood, and no client gets it to say anything else. */
export const ENCODINGS = {
  raw: 0,
  copyRect: 1,
  tight: 7,
  desktopSize: -223,
  lastRect: -224,
  cursor: -239,
  extendedDesktopSize: -308,
  fence: -312,
  continuousUpdates: -313,
  extendedClipboard: 0xc0a1e5ce | 0,
} as const;
const KNOWN: ReadonlySet<number> = new Set(Object.values(ENCODINGS));

/** Whether a client may ask for it. Levels: how much JPEG leaves out, and how hard is compressed. */
export function mayEncode(encoding: number): boolean {
  return KNOWN.has(encoding) || (encoding >= -32 && encoding <= -23) || (encoding >= -256 && encoding <= -247);
}

/** Bytes of a pixel, and of one as "tight" has it, in the only form that is let through. */
export const PIXEL = 4;
export const TIGHT_PIXEL = 3;

/** 32 bits, of which three times eight are a color: what every browser and every server here has. */
export function isUsualFormat(format: Buffer): boolean {
  const [bits, depth, , trueColor] = format;
  const most = [4, 6, 8].map((at) => format.readUInt16BE(at));
  return bits === 32 && depth === 24 && trueColor === 1 && most.every((one) => one === 255);
}

/** Longer ones are refused by both sides; 1 MiB of text, and room for its compressed form. */
export const MOST_CLIPBOARD = 2 ** 21;

/** Acts of the extended clipboard, as bits of its first word. */
const CLIPBOARD = { caps: 1 << 24, request: 1 << 25, peek: 1 << 26, notify: 1 << 27, provide: 1 << 28 } as const;

/** Whether a message says what is in its sender's clipboard; others only ask, or say what they can. */
export function tellsClipboard(flags: number): boolean {
  return (flags & (CLIPBOARD.notify | CLIPBOARD.provide)) !== 0;
}
