import { type Amounts, formatAmount, formatBytes, type LimitKind } from "@guise/contract";
import type { HomeRoom } from "./fullness.ts";

/** What the kernel has counted of a sandbox's limits since it started. */
export interface LimitCounters {
  /** Programs that it ended because of ram. */
  readonly kills: number;
  /** Processes that it refused. */
  readonly refusedProcesses: number;
}

/** What a workspace may have, and what it might be given: for the words of a note. */
export interface LimitFacts {
  readonly workspace: string;
  readonly demand: Amounts;
  /** The most that it may be resized to. */
  readonly most: Amounts;
  readonly processes: number;
}

export interface Hit {
  readonly limit: LimitKind;
  readonly times: number;
}

/** Counters only grow; ones that do not are of another sandbox, which is counted from its start. Pure. */
export function hitsBetween(before: LimitCounters, now: LimitCounters): readonly Hit[] {
  const grown = (name: keyof LimitCounters) => (now[name] < before[name] ? now[name] : now[name] - before[name]);
  const hits: readonly Hit[] = [
    { limit: "memory", times: grown("kills") },
    // A program that is refused asks again, thousands of times a second: what counts is that it was.
    { limit: "processes", times: Math.min(1, grown("refusedProcesses")) },
  ];
  return hits.filter(({ times }) => times > 0);
}

/** What a home that is full has none left of. Pure. */
export function limitOfHome({ bytes, files }: HomeRoom): LimitKind {
  return files.used / files.of > bytes.used / bytes.of ? "files" : "storage";
}

/** A share of the bandwidth that only a program at its limit uses, over a few seconds. */
const AT_THE_LIMIT = 0.9;

/** Which ways a workspace moves as much as it may. Rates in bit/s. Pure. */
export function saturated(rates: Pick<Amounts, "ingress" | "egress">, demand: Amounts): readonly ("ingress" | "egress")[] {
  return (["ingress", "egress"] as const).filter((way) => rates[way] >= AT_THE_LIMIT * demand[way]);
}

/** What happened and what to do about it, with the numbers. Pure. */
export function wordsOf(limit: LimitKind, facts: LimitFacts, program: string | undefined): { message: string; remedy: string } {
  const { demand, processes } = facts;
  switch (limit) {
    case "memory":
      return {
        message: `${program ?? "a program"} used more than the ${formatBytes(demand.ram)} ram of this workspace`,
        remedy: moreOf("ram", facts, "--ram", asBytes),
      };
    case "processes":
      return {
        message: `its programs wanted more than the ${processes} processes and threads that a workspace may have`,
        remedy: "end some of them",
      };
    case "storage":
      return { message: `the ${formatBytes(demand.storage)} of its home were used up`, remedy: "delete something" };
    case "files":
      return { message: "its home held as many files and folders as it can", remedy: "delete some" };
    case "ingress":
      return {
        message: `its programs received as fast as ${formatAmount("ingress", demand.ingress)} allow`,
        remedy: moreOf("ingress", facts, "--bandwidth", (bits) => bandwidths(bits, demand.egress)),
      };
    case "egress":
      return {
        message: `its programs sent as fast as ${formatAmount("egress", demand.egress)} allow`,
        remedy: moreOf("egress", facts, "--bandwidth", (bits) => bandwidths(demand.ingress, bits)),
      };
  }
}

/** Twice as much, where the persona allows that; else as much as it allows. */
function moreOf(
  dimension: "ram" | "ingress" | "egress",
  { workspace, demand, most }: LimitFacts,
  option: string,
  asText: (n: number) => string,
): string {
  const wanted = Math.min(2 * demand[dimension], most[dimension]);
  if (wanted > demand[dimension]) return `try: guise resize ${workspace} ${option} ${asText(wanted)}`;
  return `its persona allows no more: its author can raise ${dimension === "ram" ? "ram" : "network_bandwidth"} in resource_limits`;
}

/** As the command reads it. */
function asBytes(bytes: number): string {
  return bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30}Gi` : `${Math.floor(bytes / 2 ** 20)}Mi`;
}

function bandwidths(ingress: number, egress: number): string {
  return ingress === egress ? asBits(ingress) : `${asBits(ingress)}/${asBits(egress)}`;
}

function asBits(bits: number): string {
  return bits % 1e6 === 0 ? `${bits / 1e6}Mbit` : `${Math.floor(bits / 1000)}kbit`;
}
