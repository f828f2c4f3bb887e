import type { Principal } from "#access";
import type { VersionRow } from "#repository";

/** Drafts are their authors' alone, whatever role somebody else has. */
export function isSeenBy(principal: Principal | undefined, { draft, publishedBy }: VersionRow): boolean {
  return draft === undefined || publishedBy === principal?.id;
}

export function seenBy(principal: Principal | undefined, rows: readonly VersionRow[]): readonly VersionRow[] {
  return rows.filter((row) => isSeenBy(principal, row));
}
