/** Quantities as people write them, and the whole numbers that everything inside reckons with. */

/** Thrown for a quantity that cannot be read; `expected` says what can. */
export class QuantityError extends Error {
  readonly expected: string;
  constructor(text: string, expected: string) {
    super(`"${text}" is not ${expected}`);
    this.name = "QuantityError";
    this.expected = expected;
  }
}

const CPU_FORM = 'a cpu quantity such as "500m", "2" or "1.5"';
const BYTES_FORM = 'a byte quantity such as "512Mi", "4Gi" or "1G"';
const BANDWIDTH_FORM = 'a bandwidth such as "500kbit", "50Mbit" or "1Gbit" (per second)';

/** Cpu in millicores (1000 = one core). Kubernetes form: "2", "0.5", "250m". */
export function parseCpu(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(text);
  if (match === null) throw new QuantityError(text, CPU_FORM);
  const millicores = Number(match[1]) * (match[2] === "m" ? 1 : 1000);
  return positiveWhole(millicores, text, CPU_FORM);
}

const BYTE_FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes. Kubernetes form: "4Gi", "512Mi", "1G", "1048576". */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text);
  if (match === null) throw new QuantityError(text, BYTES_FORM);
  return positiveWhole(Number(match[1]) * (BYTE_FACTORS[match[2] ?? ""] ?? 1), text, BYTES_FORM);
}

const BIT_FACTORS: Readonly<Record<string, number>> = { kbit: 1e3, Mbit: 1e6, Gbit: 1e9 };

/** Bits per second: "500kbit", "50Mbit", "1Gbit". */
export function parseBandwidth(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(kbit|Mbit|Gbit)$/.exec(text);
  if (match === null) throw new QuantityError(text, BANDWIDTH_FORM);
  return positiveWhole(Number(match[1]) * (BIT_FACTORS[match[2] ?? ""] ?? 1), text, BANDWIDTH_FORM);
}

/** Milliseconds: "30s", "15m", "12h", "7d". */
export function parseDuration(text: string): number {
  const match = /^(\d+)(s|m|h|d)$/.exec(text);
  const expected = 'a duration such as "30s", "15m", "12h" or "7d"';
  if (match === null) throw new QuantityError(text, expected);
  const factor = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 }[match[2] as "s" | "m" | "h" | "d"];
  return positiveWhole(Number(match[1]) * factor, text, expected);
}

function positiveWhole(value: number, text: string, expected: string): number {
  const whole = Math.round(value);
  if (!Number.isSafeInteger(whole) || whole < 1) throw new QuantityError(text, expected);
  return whole;
}

/** "0.5 cpu", "2 cpu". */
export function formatCpu(millicores: number): string {
  return `${trimmed(millicores / 1000)} cpu`;
}

/** "512 MiB", "2.5 GiB". */
export function formatBytes(bytes: number): string {
  const steps = [
    ["TiB", 2 ** 40],
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
  ] as const;
  for (const [unit, size] of steps) if (Math.abs(bytes) >= size) return `${trimmed(bytes / size)} ${unit}`;
  return `${bytes} B`;
}

/** "50 Mbit/s". */
export function formatBandwidth(bitsPerSecond: number): string {
  const steps = [
    ["Gbit/s", 1e9],
    ["Mbit/s", 1e6],
    ["kbit/s", 1e3],
  ] as const;
  for (const [unit, size] of steps) if (Math.abs(bitsPerSecond) >= size) return `${trimmed(bitsPerSecond / size)} ${unit}`;
  return `${bitsPerSecond} bit/s`;
}

/** "850 ms", "12 s", "3 min", "2 h". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${trimmed(milliseconds / 1000)} s`;
  if (milliseconds < 3_600_000) return `${trimmed(milliseconds / 60_000)} min`;
  return `${trimmed(milliseconds / 3_600_000)} h`;
}

function trimmed(value: number): string {
  return String(Math.round(value * 100) / 100);
}
