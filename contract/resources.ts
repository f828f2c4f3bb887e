import { formatBandwidth, formatBytes, formatCpu } from "./units.ts";

/** The dimensions that are admitted and enforced; the order is the order in which people read them. */
export const DIMENSIONS = ["cpu", "ram", "storage", "ingress", "egress"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** One amount per dimension: cpu in millicores, ram and storage in bytes, ingress and egress in bit/s. Whole numbers. */
export type Amounts = Readonly<Record<Dimension, number>>;

export const NO_AMOUNTS: Amounts = Object.freeze({ cpu: 0, ram: 0, storage: 0, ingress: 0, egress: 0 });

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return {
    cpu: a.cpu + b.cpu,
    ram: a.ram + b.ram,
    storage: a.storage + b.storage,
    ingress: a.ingress + b.ingress,
    egress: a.egress + b.egress,
  };
}

export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  return {
    cpu: a.cpu - b.cpu,
    ram: a.ram - b.ram,
    storage: a.storage - b.storage,
    ingress: a.ingress - b.ingress,
    egress: a.egress - b.egress,
  };
}

const FORMATS: Readonly<Record<Dimension, (amount: number) => string>> = {
  cpu: formatCpu,
  ram: (amount) => `${formatBytes(amount)} ram`,
  storage: (amount) => `${formatBytes(amount)} storage`,
  ingress: (amount) => `${formatBandwidth(amount)} in`,
  egress: (amount) => `${formatBandwidth(amount)} out`,
};

/** "4 GiB ram", "2 cpu", "50 Mbit/s in". */
export function formatAmount(dimension: Dimension, amount: number): string {
  return FORMATS[dimension](amount);
}

/** "2 cpu, 4 GiB ram, 10 GiB storage, 50 Mbit/s in, 50 Mbit/s out". */
export function formatAmounts(amounts: Amounts): string {
  return DIMENSIONS.map((dimension) => formatAmount(dimension, amounts[dimension])).join(", ");
}

/** Priority classes, lowest first; the number is what the Resource Manager compares. */
export const PRIORITIES = { low: 100, normal: 200, high: 300, urgent: 400 } as const;
export type Priority = keyof typeof PRIORITIES;
export const PRIORITY_NAMES = Object.keys(PRIORITIES) as Priority[];

/** What a workspace's limits and promises rest on. An engine says of each whether it holds hard. */
export const ENFORCED_LIMITS = ["cpu", "ram", "storage", "bandwidth", "processes", "network"] as const;
export type EnforcedLimit = (typeof ENFORCED_LIMITS)[number];
