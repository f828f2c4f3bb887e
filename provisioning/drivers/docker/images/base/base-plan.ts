import { createHash } from "node:crypto";

/** Raised whenever base images or layers are made in another way; every image is then built anew. */
export const BUILDER_VERSION = 1;

/** What every main container needs: init, channel, terminals that outlive their channel, certificates, a usable shell. */
export const MAIN_PACKAGES = [
  "tini",
  "openssh-server",
  "openssh-sftp-server",
  "procps",
  "iproute2",
  "ca-certificates",
  "dtach",
  "bash",
  "less",
] as const;

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

/** The content address that both base images share. */
export function baseAddress(suite: string, inside: readonly InsideFile[]): string {
  const files = inside.map(({ root, name, content }) => `${root}/${name}\n${content}`).sort();
  const parts = [BUILDER_VERSION, suite, MAIN_PACKAGES, GUARD_PACKAGES, GUARD_PROGRAMS, files];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
