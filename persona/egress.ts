import { SPECIAL_RANGES, type SpecialRange } from "@guise/contract";
import ipaddr from "ipaddr.js";
import { type Fault, fault, quoted } from "#applications";
import type { EgressTarget } from "./concrete.ts";

const SPECIAL = SPECIAL_RANGES.map((special) => ({ special, parsed: ipaddr.parseCIDR(special.cidr) }));

const EXPECTED = 'expected "cidr:port" or "cidr:port/udp", such as "192.0.2.7/32:443" or "[2001:db8::/48]:443"; "*" is every port';

export type EgressReading = { readonly target: EgressTarget; readonly fault?: never } | { readonly fault: Fault; readonly target?: never };

/** Reads one target. A range that lies wholly in a special one is refused, unless an operator opened it; what lies in it of a wider one stays closed. */
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
  const closing = closingRange(range, openedRanges);
  if (closing !== undefined) return { fault: closedFault(text, closing) };
  return { target: { cidr, protocol: protocol === "udp" ? "udp" : "tcp", port: port === "*" ? null : Number(port) } };
}

/** Why an operator cannot open a range; undefined when it can be. */
export function openingReason(text: string): string | undefined {
  const range = rangeOf(text, text.includes(":"));
  if (range === undefined || !text.includes("/")) return `${quoted(text)} is not a range such as "10.20.0.0/16" or "fd12::/32"`;
  const closing = closingRange(range, [text]);
  return closing === undefined ? undefined : `${quoted(text)} lies in ${closing.cidr} (${closing.what}), which cannot be opened`;
}

/** The narrowest special range that closes this one. */
function closingRange(range: Range, openedRanges: readonly string[]): SpecialRange | undefined {
  const isOpened = openedRanges.some((known) => lies(range, ipaddr.parseCIDR(known)));
  const closing = SPECIAL.filter(({ special, parsed }) => lies(range, parsed) && !(special.openable === true && isOpened));
  return closing.toSorted((a, b) => b.parsed[1] - a.parsed[1])[0]?.special;
}

function closedFault(text: string, { cidr, what, openable }: SpecialRange): Fault {
  const remedy = openable === true ? "which is not open in this installation" : "which no installation opens";
  return fault([], "not_permitted", `${quoted(text)} lies in ${cidr} (${what}), ${remedy}`);
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
