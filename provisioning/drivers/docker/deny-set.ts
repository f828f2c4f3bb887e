import { formatRange, parseRange, type Range, subtract, withoutContained } from "./cidr.ts";

/** Private ranges: closed unless an operator opened a part of them. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

/**
 * Closed always: this network, loopback, link-local with metadata, protocol assignments, multicast and reserved, IPv4-mapped, translated;
 * and where clouds have their metadata services outside the link-local range, even in what operators may open.
 */
const CLOSED = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "224.0.0.0/3",
  "::/127",
  "::ffff:0:0/96",
  "fe80::/10",
  "ff00::/8",
  "64:ff9b::/96",
  "2002::/16",
  // Azure's is a public address, Alibaba's lies in the carriers' range; then AWS's and Google's by IPv6
  "168.63.129.16/32",
  "100.100.100.200/32",
  "fd00:ec2::254/128",
  "fd20:ce::254/128",
];

export interface AddressSets {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
}

/**
 * Ranges that no workspace reaches, whatever is allowed: the fixed ones, the private ones less what operators opened, and
 * `own` (addresses of the host, the bridge's range with gateway and peers, the broker's listeners), which nothing opens.
 */
export function denySet(openedRanges: readonly string[], own: readonly string[]): AddressSets {
  const opened = ranges(openedRanges);
  const closed = PRIVATE.flatMap((text) => ranges([text])).flatMap((range) => subtract(range, opened));
  return byFamily([...closed, ...ranges([...CLOSED, ...own])]);
}

/** Texts as nft elements, by family; what is no range is left out. */
export function addressSets(texts: readonly string[]): AddressSets {
  return byFamily(ranges(texts));
}

function byFamily(all: readonly Range[]): AddressSets {
  const distinct = withoutContained(all);
  const of = (family: 4 | 6) => distinct.filter((range) => range.family === family).map(formatRange);
  return { v4: of(4), v6: of(6) };
}

function ranges(texts: readonly string[]): Range[] {
  return texts.flatMap((text) => parseRange(text) ?? []);
}
