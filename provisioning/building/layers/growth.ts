import { createHash } from "node:crypto";
import type { Grown, KeptContents } from "../contents/image-contents.ts";
import { lockedIdentity } from "../python/lock.ts";
import { type ChainLayer, extendedFrom, sourcesIdentity } from "./layer-chain.ts";

/** What a closed image stands on, and what is in it. */
export interface Ground {
  /** Content address of the layer below its closing one. */
  readonly address: string;
  readonly contents: KeptContents & { readonly grown: Grown };
}

/** Each growth adds layers, of which an engine stacks no more than some hundred; then all is made anew, in few. */
const MOST_GROWTHS = 6;

/** The parts of a chain's layers, the closing one excepted; `below` names what the chain stands on. Pure. */
export function partsOf(chain: readonly ChainLayer[], below: readonly unknown[]): string[] {
  return [...new Set([part("below", below), ...chain.flatMap(keysOf)])];
}

/** Of these the one that has most of the wanted parts, and no other. Pure. */
export function groundOf(wanted: readonly string[], grounds: readonly Ground[]): Ground | undefined {
  const parts = new Set(wanted);
  const fit = grounds.filter(({ contents: { grown } }) => grown.growths < MOST_GROWTHS && grown.parts.every((one) => parts.has(one)));
  const rank = ({ address, contents: { grown } }: Ground) => [-grown.parts.length, grown.growths, address] as const;
  return fit.sort((a, b) => compare(rank(a), rank(b)))[0];
}

/** What is missing of a chain on this ground, layer by layer, and the closing one. Pure. */
export function grownChain(chain: readonly ChainLayer[], { address, contents }: Ground): ChainLayer[] {
  const there = new Set(contents.grown.parts);
  const missing = chain.filter(({ maker }) => maker !== "close").flatMap((layer) => without(layer, there));
  return [...extendedFrom(address, missing), ...chain.filter(({ maker }) => maker === "close")];
}

/** In the order of the packages; one for all where they are not parted. */
function keysOf({ maker, application, packages, lock, accepts = [], sources = [] }: ChainLayer): string[] {
  if (maker === "close") return [];
  if (maker === "pip" && lock !== undefined) return lock.map((locked) => part(maker, lockedIdentity(locked)));
  const more = [accepts, sourcesIdentity(sources)];
  if (maker === "apt" || maker === "npm") return packages.map((argument) => part(maker, argument, ...more));
  return [part(maker, application, packages, lock?.map(lockedIdentity) ?? [], ...more)];
}

function without(layer: ChainLayer, there: ReadonlySet<string>): ChainLayer[] {
  const keys = keysOf(layer);
  if (keys.every((key) => there.has(key))) return [];
  if (keys.length !== layer.packages.length) return [layer];
  const missing = <T>(all: readonly T[]) => all.filter((_, at) => !there.has(keys[at] ?? ""));
  return [{ ...layer, packages: missing(layer.packages), ...(layer.lock === undefined ? {} : { lock: missing(layer.lock) }) }];
}

function part(...of: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(of)).digest("base64url").slice(0, 16);
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((one, index) => one !== b[index]);
  const [one = 0, other = 0] = [a[at], b[at]];
  return one < other ? -1 : Number(one > other);
}
