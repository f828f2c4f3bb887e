import type { PythonSource, SourceWheel } from "../sources/source-wheel.ts";

/** One Python package of a persona, as the resolver chose it. */
export interface LockedPackage {
  /** As the index writes it: lower case, hyphens. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the files that may be taken for it, as hex. */
  readonly hashes: readonly string[];
  /** Bytes of its download; 0 where the index does not say. */
  readonly bytes: number;
  /** Names of the packages that need it. */
  readonly neededBy: readonly string[];
  /** Where there is no wheel of it that fits: what one is built of. */
  readonly source?: PythonSource;
  /** The wheel that was built of its source. */
  readonly wheel?: SourceWheel;
}

/** All Python packages of a persona, resolved together. */
export type Lock = readonly LockedPackage[];

/** A line of a requirements file that takes this package and no other. */
export function lockedLine({ name, version, hashes }: LockedPackage): string {
  return [`${name}==${version}`, ...hashes.map((hash) => `--hash=sha256:${hash}`)].join(" ");
}

/** What the package is, to the address of its layer: a file of the index, or what was built of one in a certain workshop. */
export function lockedIdentity(locked: LockedPackage): string {
  return [lockedLine(locked), ...(locked.wheel === undefined ? [] : [locked.wheel.address])].join(" ");
}

/** The name in a requirement, as an index writes it. */
export function bareName(requirement: string): string {
  return (/^[A-Za-z0-9._-]+/.exec(requirement)?.[0] ?? "").toLowerCase().replaceAll(/[-_.]+/g, "-");
}
