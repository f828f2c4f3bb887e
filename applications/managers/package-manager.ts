import type { PackageManagerName } from "@guise/contract";

/** A package named for one manager. `argument` is the canonical text that the manager takes as one argument. */
export interface PackageRequest {
  readonly manager: PackageManagerName;
  /** Canonical name without version and extras. */
  readonly name: string;
  readonly argument: string;
}

export type PackageReading =
  | { readonly package: PackageRequest; readonly reason?: never }
  | { readonly reason: string; readonly package?: never };

/** What one package manager accepts. Names come only from registries: whatever else the manager would take is refused here. */
export interface PackageManager {
  readonly manager: PackageManagerName;
  /** An example of a right package, for messages. */
  readonly example: string;
  /** `text` is what follows `manager:`. */
  read(text: string): PackageReading;
}

const HOSTILE: readonly { readonly found: RegExp; readonly reason: string }[] = [
  { found: /^-/, reason: "is an option; only package names are accepted" },
  { found: /:\/\/|^(git|file|link|workspace|npm|github|https?)[+:]/i, reason: "is a URL or file; packages come only from the registry" },
  { found: /@\s/, reason: "names a source of its own; packages come only from the registry" },
  { found: /^[./~]|\\/, reason: "is a path; packages come only from the registry" },
  { found: /;/, reason: "has an environment marker; only a name and a version are accepted" },
  {
    found: /\.(whl|zip|tgz|tar|tar\.(gz|bz2|xz|lz|lzma)|tbz|txz|deb)(@|$)/i,
    reason: "is an archive; packages come only from the registry",
  },
  { found: /\s/, reason: "has a space; give name and version without spaces" },
];

/** Why no manager may see this text; undefined when it may be read further. */
export function hostileReason(text: string): string | undefined {
  return HOSTILE.find(({ found }) => found.test(text))?.reason;
}
