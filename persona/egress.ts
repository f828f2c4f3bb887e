import ipaddr from "ipaddr.js";
import { type Fault, fault, quoted } from "#applications";
import type { EgressTarget } from "./concrete.ts";

/** Ranges that no persona reaches by naming them. `openable`: an operator may open parts of it. */
const RESERVED: readonly { readonly cidr: string; readonly what: string; readonly openable: boolean }[] = [
  { cidr: "10.0.0.0/8", what: "private", openable: true },
  { cidr: "172.16.0.0/12", what: "private", openable: true },
  { cidr: "192.168.0.0/16", what: "private", openable: true },
  { cidr: "fc00::/7", what: "private", openable: true },
  { cidr: "0.0.0.0/8", what: "this network", openable: false },
  { cidr: "100.64.0.0/10", what: "shared by carriers", openable: false },
  { cidr: "127.0.0.0/8", what: "loopback", openable: false },
  { cidr: "169.254.0.0/16", what: "link-local", openable: false },
  { cidr: "192.0.0.0/24", what: "reserved", openable: false },
  { cidr: "198.18.0.0/15", what: "reserved", openable: false },
  { cidr: "224.0.0.0/4", what: "multicast", openable: false },
  { cidr: "240.0.0.0/4", what: "reserved", openable: false },
  { cidr: "::/127", what: "loopback", openable: false },
  { cidr: "::ffff:0:0/96", what: "IPv4 in IPv6", openable: false },
  { cidr: "64:ff9b::/96", what: "IPv4 in IPv6", openable: false },
  { cidr: "2002::/16", what: "IPv4 in IPv6", openable: false },
  { cidr: "fe80::/10", what: "link-local", openable: false },
  { cidr: "ff00::/8", what: "multicast", openable: false },
];

const EXPECTED = 'expected "cidr:port" or "cidr:port/udp", such as "192.0.2.7/32:443" or "[2001:db8::/48]:443"; "*" is every port';

export type EgressReading = { readonly target: EgressTarget; readonly fault?: never } | { readonly fault: Fault; readonly target?: never };

/** Reads one target. A range that lies wholly in a reserved one is refused, unless an operator opened it. */
export function readEgress(text: string, openedRanges: readonly string[]): EgressReading {
  const [, bracketed, plain, port = "", protocol = "tcp"] = /^(?:\[([^\]]+)\]|(.+)):(\*|\d{1,5})(?:\/(tcp|udp))?$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined) return wrong(text, EXPECTED);
  const range = rangeOf(address, bracketed !== undefined);
  if (range === undefined) return looksLikeHost(address) ? namedHost(text) : wrong(text, EXPECTED);
  const cidr = `${range[0]}/${range[1]}`;
  if (port !== "*" && (Number(port) < 1 || Number(port) > 65_535)) return wrong(text, "a port is 1 to 65535, or *");
  const network = networkOf(range);
  if (network !== cidr) return wrong(text, `the range begins at ${network}`, text.replace(address, network));
  const reserved = RESERVED.find((known) => lies(range, ipaddr.parseCIDR(known.cidr)));
  const opened = reserved?.openable === true && openedRanges.some((known) => lies(range, ipaddr.parseCIDR(known)));
  if (reserved !== undefined && !opened)
    return {
      fault: fault(
        [],
        "not_permitted",
        `${quoted(text)} lies in ${reserved.cidr} (${reserved.what}), which is not open in this installation`,
      ),
    };
  return { target: { cidr, protocol: protocol === "udp" ? "udp" : "tcp", port: port === "*" ? null : Number(port) } };
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** IPv6 without brackets needs a prefix length: else its last group could be taken for the port. */
function rangeOf(text: string, bracketed: boolean): Range | undefined {
  const [address = "", bits] = text.split("/");
  const v6 = address.includes(":");
  if (v6 && bits === undefined && !bracketed) return undefined;
  if (!v6 && (bracketed || !ipaddr.IPv4.isValidFourPartDecimal(address))) return undefined;
  if (v6 && (!ipaddr.IPv6.isValid(address) || address.includes("%"))) return undefined;
  const parsed = ipaddr.parse(address);
  const length = bits ?? (v6 ? "128" : "32");
  return /^\d{1,3}$/.test(length) && Number(length) <= (v6 ? 128 : 32) && text.split("/").length <= 2
    ? [parsed, Number(length)]
    : undefined;
}

function networkOf([address, bits]: Range): string {
  const cidr = `${address}/${bits}`;
  const network = address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${network}/${bits}`;
}

function lies([address, bits]: Range, [outer, outerBits]: Range): boolean {
  if (bits < outerBits) return false;
  if (address instanceof ipaddr.IPv4) return outer instanceof ipaddr.IPv4 && address.match(outer, outerBits);
  return outer instanceof ipaddr.IPv6 && address.match(outer, outerBits);
}

function looksLikeHost(text: string): boolean {
  return (
    /^(\*\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\.?$/.test(text) && /[A-Za-z]/.test(text)
  );
}

function namedHost(text: string): EgressReading {
  const message = `${quoted(text)} names a host; this installation opens addresses only, such as "192.0.2.7/32:443"`;
  return { fault: fault([], "not_supported_here", message) };
}

function wrong(text: string, why: string, suggestion?: string): EgressReading {
  return { fault: fault([], "wrong_value", `${quoted(text)}: ${why}`, suggestion) };
}
