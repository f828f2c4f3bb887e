import { listed } from "./listed.ts";

/** The bases that a persona's image may stand on: a suite of Debian, with the Python of its packages. */
export const BASES = {
  "debian-12": { suite: "bookworm", python: "3.11" },
  "debian-13": { suite: "trixie", python: "3.13" },
} as const satisfies Readonly<Record<string, { readonly suite: string; readonly python: string }>>;
export type BaseName = keyof typeof BASES;
export const BASE_NAMES = Object.keys(BASES) as [BaseName, ...BaseName[]];

/** Undefined for a suite that no persona can choose. */
export function baseOfSuite(suite: string): BaseName | undefined {
  return BASE_NAMES.find((base) => BASES[base].suite === suite);
}

/** "Python 3.11 (debian-12) and 3.13 (debian-13)" */
export function pythonsText(bases: readonly BaseName[]): string {
  const written = bases.map((base) => `${BASES[base].python} (${base})`);
  return `Python ${listed(written)}`;
}

/** What a persona's image may stand on in one installation. */
export interface Bases {
  readonly here: readonly BaseName[];
  /** What it stands on without a choice; undefined: something that no persona can choose. */
  readonly standard: BaseName | undefined;
}

/** Majors of Node that a persona may choose; the last one is there without a choice. */
export const NODE_MAJORS = ["18", "20", "22", "24"] as const;
export type NodeMajor = (typeof NODE_MAJORS)[number];
