/*
 * Addresses that are no ordinary ones of the internet: IANA's special-purpose address registries of both families
 * (iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry, with their RFCs below), the multicast ranges, what
 * IANA has not given out of IPv6, and where clouds have their metadata services. A persona may not name them, and a driver refuses them
 * whatever is allowed. `openable`: an operator may open parts of it. That is what the registries call forwardable and not globally
 * reachable, and documentation, whose addresses some networks use as their own. What the registries call globally reachable (AS112, AMT)
 * is left out, for it is reached as any other address.
 */
export interface SpecialRange {
  readonly cidr: string;
  readonly what: string;
  /** Where it says so. */
  readonly source: string;
  readonly openable?: true;
}

const IPV4: readonly SpecialRange[] = [
  { cidr: "0.0.0.0/8", what: "this network", source: "RFC 791" },
  { cidr: "10.0.0.0/8", what: "private", source: "RFC 1918", openable: true },
  { cidr: "100.64.0.0/10", what: "shared by carriers", source: "RFC 6598", openable: true },
  { cidr: "127.0.0.0/8", what: "loopback", source: "RFC 1122" },
  { cidr: "169.254.0.0/16", what: "link-local", source: "RFC 3927" },
  { cidr: "172.16.0.0/12", what: "private", source: "RFC 1918", openable: true },
  { cidr: "192.0.0.0/24", what: "protocol assignments", source: "RFC 6890" },
  { cidr: "192.0.2.0/24", what: "documentation", source: "RFC 5737", openable: true },
  { cidr: "192.88.99.0/24", what: "6to4 relays", source: "RFC 7526" },
  { cidr: "192.168.0.0/16", what: "private", source: "RFC 1918", openable: true },
  { cidr: "198.18.0.0/15", what: "benchmarks", source: "RFC 2544", openable: true },
  { cidr: "198.51.100.0/24", what: "documentation", source: "RFC 5737", openable: true },
  { cidr: "203.0.113.0/24", what: "documentation", source: "RFC 5737", openable: true },
  { cidr: "224.0.0.0/4", what: "multicast", source: "RFC 5771" },
  { cidr: "240.0.0.0/4", what: "reserved", source: "RFC 1112" },
];

const IPV6: readonly SpecialRange[] = [
  { cidr: "::1/128", what: "loopback", source: "RFC 4291" },
  { cidr: "::/128", what: "unspecified", source: "RFC 4291" },
  { cidr: "::ffff:0:0/96", what: "IPv4 in IPv6", source: "RFC 4291" },
  // globally reachable, but what it holds is an IPv4 address, a private one too
  { cidr: "64:ff9b::/96", what: "IPv4 in IPv6", source: "RFC 6052" },
  { cidr: "64:ff9b:1::/48", what: "IPv4 in IPv6", source: "RFC 8215" },
  { cidr: "100::/64", what: "discarded", source: "RFC 6666" },
  { cidr: "100:0:0:1::/64", what: "no address", source: "RFC 9780" },
  { cidr: "2001::/23", what: "protocol assignments", source: "RFC 2928" },
  { cidr: "2001:db8::/32", what: "documentation", source: "RFC 3849", openable: true },
  { cidr: "2002::/16", what: "IPv4 in IPv6", source: "RFC 3056" },
  { cidr: "3fff::/20", what: "documentation", source: "RFC 9637", openable: true },
  { cidr: "5f00::/16", what: "segment routing", source: "RFC 9602" },
  { cidr: "fc00::/7", what: "private", source: "RFC 4193", openable: true },
  { cidr: "fe80::/10", what: "link-local", source: "RFC 4291" },
  { cidr: "fec0::/10", what: "site-local", source: "RFC 3879" },
  { cidr: "ff00::/8", what: "multicast", source: "RFC 4291" },
];

/** All but 2000::/3 and what is named above, by iana.org/assignments/ipv6-address-space. */
const UNASSIGNED_IPV6: readonly SpecialRange[] = [
  "::/3",
  "4000::/3",
  "6000::/3",
  "8000::/3",
  "a000::/3",
  "c000::/3",
  "e000::/4",
  "f000::/5",
  "f800::/6",
  "fe00::/9",
].map((cidr) => ({ cidr, what: "reserved", source: "RFC 4291" }));

/** Outside the link-local range, even in what operators may open. Azure's is a public address. */
const METADATA: readonly SpecialRange[] = [
  { cidr: "168.63.129.16/32", what: "a cloud's own services", source: "Azure" },
  { cidr: "100.100.100.200/32", what: "a cloud's metadata", source: "Alibaba" },
  { cidr: "fd00:ec2::254/128", what: "a cloud's metadata", source: "AWS" },
  { cidr: "fd20:ce::254/128", what: "a cloud's metadata", source: "Google" },
];

/** Where ranges lie in each other, both hold: what the wider one closes the narrower does not open. */
export const SPECIAL_RANGES: readonly SpecialRange[] = [...METADATA, ...IPV4, ...IPV6, ...UNASSIGNED_IPV6];
