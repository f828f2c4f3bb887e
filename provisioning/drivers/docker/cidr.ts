import ipaddr from "ipaddr.js";

/** A range of addresses: `bits` leading bits of `start` are fixed. */
export interface Range {
  readonly family: 4 | 6;
  readonly start: bigint;
  readonly bits: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

/** Reads "10.0.0.0/8", "fd00::/8" or a single address; host bits are cleared. Undefined when it is neither. */
export function parseRange(text: string): Range | undefined {
  const [address, prefix, ...more] = text.split("/");
  if (address === undefined || more.length > 0 || !ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  const family = parsed.kind() === "ipv4" ? 4 : 6;
  const bits = prefix === undefined ? WIDTH[family] : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(bits <= WIDTH[family])) return undefined;
  const value = parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const free = BigInt(WIDTH[family] - bits);
  return { family, start: (value >> free) << free, bits };
}

/** Last address of the range. */
const endOf = (range: Range): bigint => range.start + (1n << BigInt(WIDTH[range.family] - range.bits)) - 1n;

export function contains(outer: Range, inner: Range): boolean {
  return outer.family === inner.family && outer.bits <= inner.bits && outer.start <= inner.start && endOf(outer) >= endOf(inner);
}

/** What is left of `range` without `holes`, as ranges. */
export function subtract(range: Range, holes: readonly Range[]): Range[] {
  if (holes.some((hole) => contains(hole, range))) return [];
  const inside = holes.filter((hole) => contains(range, hole));
  if (inside.length === 0) return [range];
  const bits = range.bits + 1;
  const upper = range.start + (1n << BigInt(WIDTH[range.family] - bits));
  return [
    ...subtract({ family: range.family, start: range.start, bits }, inside),
    ...subtract({ family: range.family, start: upper, bits }, inside),
  ];
}

/** Without ranges that others contain. */
export function withoutContained(ranges: readonly Range[]): Range[] {
  return ranges.filter(
    (range, index) => !ranges.some((other, at) => at !== index && contains(other, range) && (!contains(range, other) || at < index)),
  );
}

/** "10.0.0.0/8", as nft and people write it. */
export function formatRange(range: Range): string {
  return `${formatAddress(range.family, range.start)}/${range.bits}`;
}

function formatAddress(family: 4 | 6, value: bigint): string {
  const bytes = Array.from({ length: WIDTH[family] / 8 }, (_, index) => Number((value >> BigInt(WIDTH[family] - 8 * (index + 1))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}
