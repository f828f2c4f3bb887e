import ipaddr from "ipaddr.js";
import { EngineError } from "./engine-errors.ts";

export interface Subnet {
  readonly subnet: string;
  readonly gateway: string;
}

/** A bridge takes at most 1,024 ports, so a /22 is enough for one. */
const PREFIX = 22;

/**
 * The first /22 that overlaps nothing in `taken` (CIDRs of the host's addresses and routes). Tried first where few
 * networks are: 10.231/16 upwards, then 172.31/16, then 192.168.128/17.
 */
export function freeSubnet(taken: readonly string[]): Subnet {
  const ranges = taken.flatMap(asRange);
  for (const candidate of candidates()) {
    const end = candidate + 2 ** (32 - PREFIX) - 1;
    if (!ranges.some((range) => range.first <= end && range.last >= candidate)) {
      return { subnet: `${dotted(candidate)}/${PREFIX}`, gateway: dotted(candidate + 1) };
    }
  }
  throw new EngineError("no_free_subnet", "No free subnet was found for the sandboxes' bridge. Look at: ip route");
}

/** The subnet that was chosen before, unless it was given up with the bridge and somebody else has it now. */
export function chooseSubnet(known: Subnet | undefined, taken: readonly string[], bridgeExists: boolean): Subnet {
  if (known === undefined) return freeSubnet(taken);
  const [own] = asRange(known.subnet);
  const lost =
    !bridgeExists && own !== undefined && taken.flatMap(asRange).some(({ first, last }) => first <= own.last && last >= own.first);
  return lost ? freeSubnet(taken) : known;
}

function* candidates(): Generator<number> {
  const step = 2 ** (32 - PREFIX);
  for (const [first, last] of [
    ["10.231.0.0", "10.255.252.0"],
    ["172.31.0.0", "172.31.252.0"],
    ["192.168.128.0", "192.168.252.0"],
  ] as const) {
    for (let at = number(first); at <= number(last); at += step) yield at;
  }
}

/** The default route covers everything and takes nothing. IPv6 is left out: the bridge has none. */
function asRange(cidr: string): { first: number; last: number }[] {
  if (!ipaddr.IPv4.isValidCIDR(cidr)) return [];
  const [, bits] = ipaddr.IPv4.parseCIDR(cidr);
  if (bits === 0) return [];
  return [
    {
      first: number(ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()),
      last: number(ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString()),
    },
  ];
}

function number(address: string): number {
  return ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
