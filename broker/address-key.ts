import ipaddr from "ipaddr.js";

/** What budgets of an address are kept by: one machine has a whole /64 of IPv6 to choose from. */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(":") : parsed.toString();
}
