import { BASE_NAMES, BASES } from "./runtimes.ts";

/** Whose packages a source may have; `pipx:` packages come from the same index as `pip:` ones. */
export const SOURCE_MANAGERS = ["apt", "pip", "npm"] as const;
export type SourceManager = (typeof SOURCE_MANAGERS)[number];

/** In place of groups: everybody. */
export const EVERYONE = "*";

/** Where packages come from beside the installation's own mirrors, as an operator registered it. What opens it is kept apart. */
export interface PackageSource {
  readonly source: string;
  readonly manager: SourceManager;
  /** Without a name or password. */
  readonly url: string;
  /** Groups whose personas are built with it and whose members may receive them; `EVERYONE` for all. */
  readonly groups: readonly string[];
  /** Further addresses that its files lie at. */
  readonly files: readonly string[];
  /** apt: as in a `deb` line. One that begins with the name of a base's suite counts on that base alone; one that ends in "/" has no components. */
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** apt: the key that its lists are signed by, as its owner gives it out: armored, or the ring's bytes in base64. */
  readonly key?: string;
  /** npm: the scopes that come from it; without one it takes the place of the registry. */
  readonly scopes: readonly string[];
}

/** Why an address is not taken; undefined when it is. */
export function sourceAddressReason(text: string): string | undefined {
  if (!URL.canParse(text)) return "is no address: https://…";
  const { protocol, username, password, search, hash, hostname } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return "begins with neither https:// nor http://";
  if (username !== "" || password !== "") return "holds a name or password, which would be shown with it: give those by themselves";
  if (search !== "" || hash !== "") return "has a ? or # part, which no package manager takes";
  if (/[\s'"<>[\]{}|\\^`]/.test(text)) return "has a blank or a quote; those are written as % and two digits";
  if (/^(?:localhost|.*\.localhost|127\..*|\[::1\]|0\.0\.0\.0|169\.254\..*)$/i.test(hostname))
    return `${hostname} is something else where images are built: give an address that other machines reach`;
  return undefined;
}

const ARMOR = /^\s*-----BEGIN PGP PUBLIC KEY BLOCK-----/;
/** First octets of a public-key packet, of the old form (with a length of one or two octets) and the new. */
const PUBLIC_KEY_PACKETS = [0x98, 0x99, 0xc6];

/** An OpenPGP public key: armored, or (by its first octet, RFC 9580) a packet of one in base64. */
export function isKey(key: string): boolean {
  if (isArmored(key)) return /-----END PGP PUBLIC KEY BLOCK-----\s*$/.test(key);
  const text = key.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(text)) return false;
  return PUBLIC_KEY_PACKETS.includes(atob(text.slice(0, 4)).charCodeAt(0));
}

export function isArmored(key: string): boolean {
  return ARMOR.test(key);
}

/** Whether the groups of a persona (the owning one, and those that may ask for it) are all among those that the source is for. */
export function isFor({ groups }: Pick<PackageSource, "groups">, of: readonly string[]): boolean {
  return groups.includes(EVERYONE) || of.every((one) => groups.includes(one));
}

/** The suites that count on a base of this suite: "bookworm-tools" is for bookworm alone, "stable" for all. */
export function suitesOn({ suites }: Pick<PackageSource, "suites">, base: string): readonly string[] {
  const others = BASE_NAMES.map((name) => BASES[name].suite).filter((name) => name !== base);
  return suites.filter(
    (one) => !others.some((other) => one === other || /^[-_/.]/.test(one.startsWith(other) ? one.slice(other.length) : "")),
  );
}
