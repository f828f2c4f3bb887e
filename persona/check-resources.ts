import {
  formatBandwidth,
  formatBytes,
  formatCpu,
  parseBandwidth,
  parseBytes,
  parseCpu,
  parseDuration,
  QuantityError,
} from "@guise/contract";
import { type Fault, fault } from "#applications";
import type { Check } from "./checking.ts";
import type { Draft } from "./draft.ts";

type Quantity = readonly [at: readonly string[], value: string | number | undefined, read: (text: string) => number];

/** Less does not hold a shell, and the engine refuses it. */
const LEAST_RAM = 32 * 2 ** 20;
/** The kernel gives out no less than a thousandth of a second in a tenth. */
const LEAST_CPU = 10;
const LEAST_STORAGE = 16 * 2 ** 20;
/** Below it a packet of the usual size takes longer than a second and a half, and the shaper holds no rate. */
const LEAST_BANDWIDTH = 8000;
/** Later than any clock of a computer needs to reach. */
const LONGEST_LIFE = 3650 * 24 * 3_600_000;
/** Shorter than a person may think before the next key. */
const LEAST_IDLE = 60_000;
const LONGEST_GRACE = 10 * 60_000;

/** Units of everything that is a quantity; what a wrong one is expected to be comes from the reader itself. */
export const checkQuantities: Check = ({ resource_requirements, resource_limits, stop_grace, lifetime }) => {
  const quantities: Quantity[] = [
    ...amountsIn("resource_requirements", resource_requirements),
    ...amountsIn("resource_limits", resource_limits),
    [["stop_grace"], stop_grace, atMost(parseDuration, LONGEST_GRACE, 'at most "10m"')],
    [["lifetime", "maximum"], lifetime?.maximum, lifetimeOf],
    [["lifetime", "idle"], lifetime?.idle, atLeast(lifetimeOf, LEAST_IDLE, 'at least "1m"')],
  ];
  return quantities.flatMap(quantityFaults);
};

function amountsIn(member: string, amounts: Draft["resource_requirements"]): Quantity[] {
  const bandwidth = amounts?.network_bandwidth;
  const both = typeof bandwidth === "object" ? bandwidth : undefined;
  const single = typeof bandwidth === "object" ? undefined : bandwidth;
  return [
    [[member, "cpu"], amounts?.cpu, atLeast(parseCpu, LEAST_CPU, 'at least "10m"')],
    [[member, "ram"], amounts?.ram, atLeast(parseBytes, LEAST_RAM, 'at least "32Mi"')],
    [[member, "storage"], amounts?.storage, atLeast(parseBytes, LEAST_STORAGE, 'at least "16Mi"')],
    [[member, "network_bandwidth"], single, bandwidthOf],
    [[member, "network_bandwidth", "ingress"], both?.ingress, bandwidthOf],
    [[member, "network_bandwidth", "egress"], both?.egress, bandwidthOf],
  ];
}

function bandwidthOf(text: string): number {
  return atLeast(parseBandwidth, LEAST_BANDWIDTH, 'at least "8kbit"')(text);
}

function lifetimeOf(text: string): number {
  return atMost(parseDuration, LONGEST_LIFE, 'at most "3650d"')(text);
}

/** What a workspace may be resized to is no less than what it begins with. Only where both can be read: the rest is reported above. */
export const checkLimits: Check = ({ resource_requirements: wanted, resource_limits: limits }) =>
  LIMITED.flatMap(({ at, read, format }): Fault[] => {
    const [least, most] = [wanted, limits].map((amounts) => readable(amounts, read));
    if (least === undefined || most === undefined || most >= least) return [];
    return [fault(["resource_limits", at], "wrong_value", `is less than resource_requirements.${at}, ${format(least)}`)];
  });

type AmountsDraft = Draft["resource_requirements"];

const LIMITED: readonly {
  readonly at: "cpu" | "ram" | "network_bandwidth";
  readonly read: (amounts: AmountsDraft) => number | undefined;
  readonly format: (amount: number) => string;
}[] = [
  { at: "cpu", read: (amounts) => mapped(amounts?.cpu, (cpu) => parseCpu(String(cpu))), format: formatCpu },
  { at: "ram", read: (amounts) => mapped(amounts?.ram, parseBytes), format: formatBytes },
  { at: "network_bandwidth", read: (amounts) => mapped(way(amounts, "ingress"), parseBandwidth), format: formatBandwidth },
  { at: "network_bandwidth", read: (amounts) => mapped(way(amounts, "egress"), parseBandwidth), format: formatBandwidth },
];

function way(amounts: AmountsDraft, direction: "ingress" | "egress"): string | undefined {
  const bandwidth = amounts?.network_bandwidth;
  return typeof bandwidth === "object" ? bandwidth[direction] : bandwidth;
}

function mapped<T>(value: T | undefined, read: (value: T) => number): number | undefined {
  return value === undefined ? undefined : read(value);
}

function readable(amounts: AmountsDraft, read: (amounts: AmountsDraft) => number | undefined): number | undefined {
  try {
    return read(amounts);
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}

function quantityFaults([at, value, read]: Quantity): Fault[] {
  if (value === undefined) return [];
  try {
    read(String(value));
    return [];
  } catch (error) {
    if (error instanceof QuantityError) return [fault(at, "wrong_value", error.message)];
    throw error;
  }
}

function atLeast(read: (text: string) => number, least: number, expected: string): (text: string) => number {
  return (text) => {
    const amount = read(text);
    if (amount < least) throw new QuantityError(text, expected);
    return amount;
  };
}

function atMost(read: (text: string) => number, most: number, expected: string): (text: string) => number {
  return (text) => {
    const amount = read(text);
    if (amount > most) throw new QuantityError(text, expected);
    return amount;
  };
}
