import { mayReceive, mayReference } from "#access";
import type { DataSourceRow } from "#repository";

/** Whose persona it is, and who asks. */
export interface Borrower {
  /** The group that owns the persona. */
  readonly ownerGroup: string;
  readonly groups: readonly string[];
}

/** Why a source is not given; undefined when it is. The least of what persona, author and requester may. Pure. */
export function refusalOf(name: string, source: DataSourceRow | undefined, { ownerGroup, groups }: Borrower): string | undefined {
  if (source === undefined || source.removedAt !== undefined) return `the data source "${name}" is registered here no more`;
  if (!mayReference(source, ownerGroup)) return `personas of the group ${ownerGroup} may not name the data source "${name}" any more`;
  if (!mayReceive(source, groups)) return `the data source "${name}" is for the group ${source.received_by.join(" or ")}`;
  return undefined;
}
