import type { PackageSource } from "@guise/contract";

/** `login`: what opens it, sealed by whoever wrote the row; absent: it is open to all. */
export interface PackageSourceRow extends PackageSource {
  readonly login?: string;
}

/** What is named changes. `login: null`: nothing opens it any more. */
export interface PackageSourceUpdate {
  readonly groups?: readonly string[];
  readonly key?: string;
  readonly login?: string | null;
}

/** The source alone: what opens it goes nowhere with it. */
export function packageSourceOf({ login: _, ...source }: PackageSourceRow): PackageSource {
  return source;
}
