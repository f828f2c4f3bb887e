import { createHash } from "node:crypto";

/** Raised whenever base images are made in another way; every image is then built anew. */
const BASE_VERSION = 2;

/** What every main container needs: init, channel, terminals that outlive their channel, certificates, time zones, a usable shell. */
const MAIN_PACKAGES = [
  "tini",
  "openssh-server",
  "openssh-sftp-server",
  "procps",
  "iproute2",
  "ca-certificates",
  "tzdata",
  "bash",
  "less",
] as const;

/** What some suites keep in packages of their own: names of time zones that browsers still say ("Asia/Calcutta"). */
const OF_SUITES: Readonly<Record<string, readonly string[]>> = { trixie: ["tzdata-legacy"] };

/** Packages of a suite's main root. */
export function mainPackages(suite: string): readonly string[] {
  return [...MAIN_PACKAGES, ...(OF_SUITES[suite] ?? [])];
}

/** Of it every main root has all locales without their order of letters, in 7 MiB; a persona that chooses one has that one whole. */
export const LOCALES_PACKAGE = "locales-all";

/** Only the guard needs these; they are taken out of the main root again when the guard's root was made from it. */
export const GUARD_PACKAGES = ["nftables"] as const;

/** Programs of the guard's root; what they are linked with comes along. */
export const GUARD_PROGRAMS = [
  "nft",
  "ip",
  "tc",
  "tini",
  "sh",
  "sleep",
  "cat",
  "ls",
  "grep",
  "sed",
  "head",
  "tr",
  "cut",
  "timeout",
  "true",
] as const;

/** A file of `provisioning/inside/` as it is carried into an image. */
export interface InsideFile {
  readonly root: "guard" | "main";
  readonly name: string;
  readonly content: string;
}

/** Content addresses of the two base images. The main one holds no file of Guise yet: the closing layer brings them, so that a change there rebuilds that layer alone. */
export function baseAddresses(suite: string, inside: readonly InsideFile[]): { readonly guard: string; readonly main: string } {
  const main = digest([BASE_VERSION, suite, mainPackages(suite), LOCALES_PACKAGE, GUARD_PACKAGES]);
  return { main, guard: digest([main, GUARD_PROGRAMS, insideDigest(inside, "guard")]) };
}

export function insideDigest(inside: readonly InsideFile[], root: InsideFile["root"]): string {
  const own = inside.filter((file) => file.root === root).map(({ name, content }) => [name, content]);
  return digest(own.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)));
}

function digest(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
