import type { PackageSource, SourceLogin } from "@guise/contract";

/** A package source with what opens it, if anything does. */
export interface OpenSource {
  readonly source: PackageSource;
  readonly login: SourceLogin | undefined;
}
