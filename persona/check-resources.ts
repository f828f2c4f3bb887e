import { parseBandwidth, parseBytes, parseCpu, parseDuration, QuantityError } from "@guise/contract";
import { type Fault, fault } from "#applications";
import type { Check } from "./checking.ts";

type Quantity = readonly [at: readonly string[], value: string | number | undefined, read: (text: string) => number];

/** Less does not hold a shell, and the engine refuses it. */
const LEAST_RAM = 32 * 2 ** 20;
const LEAST_STORAGE = 16 * 2 ** 20;
/** Shorter than a person may think before the next key. */
const LEAST_IDLE = 60_000;
const LONGEST_GRACE = 10 * 60_000;

/** Units of everything that is a quantity; what a wrong one is expected to be comes from the reader itself. */
export const checkQuantities: Check = ({ resource_requirements: wanted, stop_grace, lifetime }) => {
  const bandwidth = wanted?.network_bandwidth;
  const both = typeof bandwidth === "object" ? bandwidth : undefined;
  const single = typeof bandwidth === "object" ? undefined : bandwidth;
  const at = (...rest: string[]) => ["resource_requirements", ...rest];
  const quantities: Quantity[] = [
    [at("cpu"), wanted?.cpu, parseCpu],
    [at("ram"), wanted?.ram, atLeast(parseBytes, LEAST_RAM, 'at least "32Mi"')],
    [at("storage"), wanted?.storage, atLeast(parseBytes, LEAST_STORAGE, 'at least "16Mi"')],
    [at("network_bandwidth"), single, parseBandwidth],
    [at("network_bandwidth", "ingress"), both?.ingress, parseBandwidth],
    [at("network_bandwidth", "egress"), both?.egress, parseBandwidth],
    [["stop_grace"], stop_grace, atMost(parseDuration, LONGEST_GRACE, 'at most "10m"')],
    [["lifetime", "maximum"], lifetime?.maximum, parseDuration],
    [["lifetime", "idle"], lifetime?.idle, atLeast(parseDuration, LEAST_IDLE, 'at least "1m"')],
  ];
  return quantities.flatMap(quantityFaults);
};

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
