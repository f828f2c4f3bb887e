import type { SourceLogin } from "@guise/contract";

/** What opens the package sources of these names; those that are open to all are absent. Rejects `mirror_unreachable` where it cannot be read. */
export type LoginsOf = (sources: readonly string[]) => Promise<ReadonlyMap<string, SourceLogin>>;
