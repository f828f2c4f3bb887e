import { lookup as resolve } from "node:dns";
import type { LookupFunction } from "node:net";
import { SPECIAL_RANGES } from "@guise/contract";
import ipaddr from "ipaddr.js";

const RANGES = SPECIAL_RANGES.map(({ cidr, what }) => ({ range: ipaddr.parseCIDR(cidr), what }));

/** What kind of address it is, where it is no ordinary one of the internet. */
export function specialAddress(address: string): string | undefined {
  const parsed = ipaddr.parse(address);
  return RANGES.find(({ range: [network, bits] }) => network.kind() === parsed.kind() && parsed.match([network, bits] as never))?.what;
}

/** Of names that lead to an ordinary address alone: what is connected to is what was looked at. */
export const ordinaryLookup: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, "", 0);
    const special = found.map(({ address }) => specialAddress(address)).find((what) => what !== undefined);
    if (special !== undefined) return done(new Error(`${hostname} leads to an address that is ${special}`), "", 0);
    const [first] = found;
    if (options.all === true) return done(null, found);
    return done(null, first?.address ?? "", first?.family ?? 0);
  });
};
