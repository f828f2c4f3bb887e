import type { AllowedTarget } from "#provisioning";
import { allowSet, endpointSet } from "./allow-set.ts";
import type { AddressSets } from "./deny-set.ts";

/*
 * Shell orders for a guard. Pure text from checked values: ranges and ports pass through `cidr.ts`, numbers are whole.
 */

/** Replaces what is denied and what is allowed, in one transaction of the kernel: what both the old and the new rules allow is never refused. */
export function rulesOrder(denied: AddressSets, allowed: readonly AllowedTarget[], sources: readonly AllowedTarget[] = []): string {
  const allow = allowSet(allowed);
  const source = endpointSet(sources);
  return transaction([
    "flush set inet guise deny4",
    "flush set inet guise deny6",
    "flush set inet guise allow4",
    "flush set inet guise allow6",
    "flush set inet guise source4",
    "flush set inet guise source6",
    ...add("deny4", denied.v4),
    ...add("deny6", denied.v6),
    ...add("allow4", allow.v4),
    ...add("allow6", allow.v6),
    ...add("source4", source.v4),
    ...add("source6", source.v6),
  ]);
}

export function allowOrder(allowed: readonly AllowedTarget[]): string {
  const allow = allowSet(allowed);
  return transaction([...add("allow4", allow.v4), ...add("allow6", allow.v6)]);
}

export function denyOrder(denied: AddressSets): string {
  return transaction([...add("deny4", denied.v4), ...add("deny6", denied.v6)]);
}

/** Ends every permission; open connections are cut by the next packet. */
export const CLOSE_ALL_ORDER = transaction(["allow4", "allow6", "source4", "source6"].map((set) => `flush set inet guise ${set}`));

/** Exact on the wire, both ways: tbf on eth0, and on the ifb that incoming packets pass; without ifb incoming packets are policed. Bit/s. */
export function bandwidthOrder(bandwidth: { readonly ingress: number; readonly egress: number }, hasIfb: boolean): string {
  const shape = (device: string, rate: number) =>
    `tc qdisc replace dev ${device} root tbf rate ${whole(rate)}bit burst ${burst(rate)} latency ${queueTime(rate)}ms`;
  const egress = shape("eth0", bandwidth.egress);
  return `${egress} && ${hasIfb ? shape("ifb0", bandwidth.ingress) : policeOrder(bandwidth.ingress)}`;
}

export const NO_BANDWIDTH_LIMIT_ORDER = "tc qdisc del dev eth0 root 2>/dev/null; tc qdisc del dev ifb0 root 2>/dev/null; true";

function policeOrder(rate: number): string {
  const kilobytes = Math.max(1, Math.round(rate / 8000));
  return transaction([
    "table inet guise_rate",
    "delete table inet guise_rate",
    `table inet guise_rate {\n chain police { type filter hook input priority -10; policy accept;\n  iif != lo limit rate over ${kilobytes} kbytes/second burst ${Math.max(64, Math.round(kilobytes / 50))} kbytes counter drop\n }\n}`,
  ]);
}

/** A hundredth of a second of traffic, and never less than one large segment: smaller starves the queue. */
function burst(rate: number): number {
  return Math.max(32 * 1024, Math.floor(whole(rate) / 8 / 100));
}

/**
 * Time that a packet waits at most, in ms. A queue that holds less than two of the sender's 64 KiB segments now and then drops the tail
 * of a transfer, which then waits for its 200 ms timer: measured at 5 and 10 Mbit/s, 1 of 8 transfers of 2 s reached 85 % instead of 98 %.
 */
function queueTime(rate: number): number {
  const twoSegments = (2 * 65_536 * 8 * 1000) / whole(rate);
  return Math.round(Math.min(200, Math.max(50, twoSegments)));
}

function whole(rate: number): number {
  return Math.max(8000, Math.floor(rate));
}

function add(set: string, elements: readonly string[]): string[] {
  return elements.length === 0 ? [] : [`add element inet guise ${set} { ${elements.join(", ")} }`];
}

function transaction(commands: readonly string[]): string {
  return `nft -f - <<'END-OF-RULES'\n${commands.join("\n")}\nEND-OF-RULES`;
}
