import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type AllowedTarget, ProvisioningError } from "#provisioning";
import type { HostMirrors } from "./host-mirrors.ts";
import { type Proxies, proxied } from "./proxies.ts";
import { secretsOf } from "./source-logins.ts";

/** Addresses of the mirrors, fixed for one build: names are resolved out here, for a build has no name server. */
export interface OpenMirrors {
  /** Entries of the build guard's hosts file, `name:address`. */
  readonly hosts: readonly string[];
  readonly allow: readonly AllowedTarget[];
  /** What opens them: nothing that is said in a box is to say it. */
  readonly secrets?: readonly string[];
}

/** Of all that one layer is fetched from. Rejects `mirror_unreachable`. */
export async function openAll(mirrors: HostMirrors): Promise<OpenMirrors> {
  return { ...(await openMirrors(mirrors.reach, mirrors.proxies)), secrets: secretsOf(mirrors) };
}

/** Resolves what a fetch must reach: the mirrors themselves, or the host's proxy before them. Rejects `mirror_unreachable`. */
export async function openMirrors(reach: readonly string[], proxies: Proxies): Promise<OpenMirrors> {
  const urls = reach.map((url) => new URL(url)).map((url) => proxied(url, proxies));
  const hosts = new Set<string>();
  const allow = new Map<string, AllowedTarget>();
  for (const url of urls) {
    for (const address of await addressesOf(url.hostname)) {
      if (isIP(url.hostname) === 0) hosts.add(`${url.hostname}:${address}`);
      const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
      allow.set(`${address} ${port}`, { cidr: `${address}/32`, protocol: "tcp", port });
    }
  }
  return { hosts: [...hosts], allow: [...allow.values()] };
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { family: 4, all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new ProvisioningError("mirror_unreachable", `the package mirror ${host} has no address`, { cause });
  }
}
