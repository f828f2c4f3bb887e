/** What a workspace may reach, as data. Everything that is not allowed is refused, both ways. */
export interface AllowedTarget {
  /** IPv4 or IPv6 range in CIDR form; a single address is a /32 or /128. */
  readonly cidr: string;
  readonly protocol: "tcp" | "udp";
  /** One port, or null for every port. */
  readonly port: number | null;
}

export interface NetworkRules {
  readonly allow: readonly AllowedTarget[];
  /** Private ranges that operators opened; the driver's deny set leaves them out. Host, peers, gateway and metadata stay denied. */
  readonly openedRanges: readonly string[];
  /**
   * Where data sources are, each one address and one TCP port that an operator registered: reached although the address lies in a range that
   * is closed, the host's own included.
   */
  readonly sources?: readonly AllowedTarget[];
}
