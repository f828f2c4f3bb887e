import { readFile } from "node:fs/promises";

/**
 * Every address at which this machine answers at this moment, as ranges; loopback apart, which is each namespace's own. From the
 * kernel's own tables: the runtime's list leaves out what the loopback device has beside 127.0.0.1, as routers and balancers use it.
 */
export async function hostAddresses(): Promise<string[]> {
  const [routes, devices] = await Promise.all([readTable("/proc/net/fib_trie"), readTable("/proc/net/if_inet6")]);
  return [...localRanges(routes), ...deviceAddresses(devices)];
}

/** IPv4: what the routing table calls the host's own. Each entry follows its address on a line of its own. */
export function localRanges(fibTrie: string): string[] {
  const entries = fibTrie.matchAll(/\|-- ([\d.]+)\n((?:[ \t]+\/\d+ [^|\n]*\n)+)/g);
  const found = [...entries].flatMap(([, address = "", kinds = ""]) =>
    [...kinds.matchAll(/\/(\d+) host LOCAL/g)].map(([, bits]) => `${address}/${bits}`),
  );
  return [...new Set(found)].filter((range) => !range.startsWith("127."));
}

/** IPv6: an address of 32 digits begins each line. */
export function deviceAddresses(ifInet6: string): string[] {
  const digits = [...ifInet6.matchAll(/^([\da-f]{32}) /gm)].map(([, address = ""]) => address);
  return digits.filter((address) => !/^0{31}1$/.test(address)).map((address) => `${address.replace(/.{4}(?=.)/g, "$&:")}/128`);
}

/** A machine without IPv6 has no table of its addresses. */
function readTable(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
