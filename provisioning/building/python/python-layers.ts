import type { ImageLayer } from "#provisioning";
import { bareName, type Lock, type LockedPackage } from "./lock.ts";

/** Packages of the one environment that are installed as one layer. */
export interface PythonLayer {
  readonly application: string;
  readonly packages: Lock;
  /** Whether other personas have it too, likely: what is the catalog's, or heavy. The rest is the persona's own. */
  readonly isShared: boolean;
}

/** What every environment has beside what a persona names: `pip list` is the first that many type. */
export const ALWAYS = ["pip"] as const;

/** A package that brings so much, with what only it needs, has a layer of its own; bytes of download. */
const HEAVY = 32 * 2 ** 20;
/** Layers cost their start and their keeping, and an engine stacks no more than some hundred. */
const MOST_HEAVY = 12;

/**
 * Divides what was resolved into layers, so that personas share them: first what applications of the catalog need, one layer each, in the
 * catalog's order; then each heavy package, the heaviest first; then all the rest; and what was built of sources. A layer holds what the ones
 * before it have not. Pure.
 */
export function pythonLayers(all: Lock, asked: readonly ImageLayer[]): PythonLayer[] {
  const needs = needsOf(all);
  const lock = all.filter(({ source }) => source === undefined);
  const built = all.filter(({ source }) => source !== undefined);
  const catalog = asked.filter(({ application }) => !application.includes(":"));
  const own = asked.filter(({ application }) => application.includes(":")).flatMap(({ packages }) => packages.map(bareName));
  const installed = new Set<string>();
  const take = (application: string, roots: readonly string[]): PythonLayer[] => {
    const packages = lock.filter(({ name }) => !installed.has(name) && roots.some((root) => needs(root).has(name)));
    for (const { name } of packages) installed.add(name);
    return packages.length === 0 ? [] : [{ application, packages, isShared: true }];
  };
  const bytes = (root: string) => sum(lock.filter(({ name }) => !installed.has(name) && needs(root).has(name)));
  const layers = catalog.flatMap(({ application, packages }) => take(application, packages.map(bareName)));
  const heavy = own
    .map((root) => ({ root, magnitude: Math.floor(Math.log2(Math.max(1, sum(lock.filter(({ name }) => needs(root).has(name)))))) }))
    .sort((a, b) => b.magnitude - a.magnitude || (a.root < b.root ? -1 : 1));
  let count = 0;
  for (const { root } of heavy) {
    if (count === MOST_HEAVY || bytes(root) < HEAVY) continue;
    layers.push(...take(root, [root]));
    count++;
  }
  const rest = lock.filter(({ name }) => !installed.has(name));
  if (rest.length > 0) layers.push({ application: REST, packages: rest, isShared: false });
  return built.length === 0 ? layers : [...layers, { application: BUILT, packages: built, isShared: false }];
}

const REST = "Python packages";
const BUILT = "Python packages built here";

/** Each package's own name and all that it needs. */
function needsOf(lock: Lock): (root: string) => ReadonlySet<string> {
  const below = new Map<string, string[]>(lock.map(({ name }) => [name, []]));
  for (const { name, neededBy } of lock) for (const needer of neededBy) below.get(needer)?.push(name);
  const known = new Map<string, ReadonlySet<string>>();
  return (root) => {
    const found = known.get(root) ?? reached(root, below);
    known.set(root, found);
    return found;
  };
}

function reached(root: string, below: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set([root]);
  for (const name of seen) for (const next of below.get(name) ?? []) seen.add(next);
  return seen;
}

function sum(packages: readonly LockedPackage[]): number {
  return packages.reduce((total, { bytes }) => total + bytes, 0);
}
