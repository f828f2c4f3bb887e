import { SPECIAL_RANGES } from "@guise/contract";
import { type AllowedTarget, ProvisioningError } from "#provisioning";
import { contains, formatRange, parseRange, type Range, subtract } from "./cidr.ts";
import type { AddressSets } from "./deny-set.ts";

interface Target {
  readonly range: Range;
  readonly protocol: "tcp" | "udp";
  readonly port: number | null;
}

/**
 * Elements `range . protocol . port` for the guard's allow sets. The kernel refuses elements that partly overlap, so
 * what another element holds is dropped, and a range is cut around a smaller one that is open on all ports.
 * Throws `network_failed` for a target that cannot be read: a rule is never left out silently.
 */
export function allowSet(targets: readonly AllowedTarget[]): AddressSets {
  const read = targets.map(readTarget);
  const distinct = read.filter(
    (target, index) => !read.some((other, at) => at !== index && holds(other, target) && (!holds(target, other) || at < index)),
  );
  const disjoint = distinct.flatMap((target) =>
    target.port === null ? [target] : subtract(target.range, wideOpen(distinct, target.protocol)).map((range) => ({ ...target, range })),
  );
  const of = (family: 4 | 6) => disjoint.filter((target) => target.range.family === family).flatMap(elements);
  return { v4: of(4), v6: of(6) };
}

/** Loopback, link-local with the clouds' metadata, multicast: no database is there. */
const NEVER = SPECIAL_RANGES.filter(({ openable }) => openable !== true).flatMap(({ cidr }) => parseRange(cidr) ?? []);

/**
 * Elements for what is reached whatever is closed: single addresses with one TCP port. Throws `network_failed` for anything wider, and for
 * what no operator can open.
 */
export function endpointSet(targets: readonly AllowedTarget[]): AddressSets {
  for (const target of targets) {
    const { range, protocol, port } = readTarget(target);
    if (protocol !== "tcp" || port === null || range.bits !== (range.family === 4 ? 32 : 128))
      throw new ProvisioningError("network_failed", "a data source is one address with one TCP port", { detail: { target } });
    if (NEVER.some((closed) => contains(closed, range)))
      throw new ProvisioningError("network_failed", `${target.cidr} is closed for data sources too`, { detail: { target } });
  }
  const { v4, v6 } = allowSet(targets);
  return { v4: v4.map(withoutBits), v6: v6.map(withoutBits) };
}

/** The set has no intervals. */
function withoutBits(element: string): string {
  return element.replace(/\/(?:32|128)(?= )/, "");
}

function readTarget(target: AllowedTarget): Target {
  const range = parseRange(target.cidr);
  const portFits = target.port === null || (Number.isInteger(target.port) && target.port >= 1 && target.port <= 65535);
  if (range === undefined || !portFits || (target.protocol !== "tcp" && target.protocol !== "udp"))
    throw new ProvisioningError("network_failed", "a network rule cannot be read", { detail: { target } });
  return { range, protocol: target.protocol, port: target.port };
}

function holds(outer: Target, inner: Target): boolean {
  return outer.protocol === inner.protocol && (outer.port === null || outer.port === inner.port) && contains(outer.range, inner.range);
}

function wideOpen(targets: readonly Target[], protocol: Target["protocol"]): Range[] {
  return targets.filter((target) => target.port === null && target.protocol === protocol).map((target) => target.range);
}

function elements({ range, protocol, port }: Target): string[] {
  const ports = port === null ? "1-65535" : String(port);
  return [`${formatRange(range)} . ${protocol} . ${ports}`];
}
