import type { Principal } from "#access";
import type { VersionRow } from "#repository";

/** Drafts are their authors' alone, whatever role somebody else has. */
export function isSeenBy(principal: Principal | undefined, { draft, publishedBy }: VersionRow): boolean {
  return draft === undefined || publishedBy === principal?.id;
}

/** Any that is published; the newest where they are in their usual order. */
export function publishedIn(rows: readonly VersionRow[]): VersionRow | undefined {
  return rows.find(({ draft }) => draft === undefined);
}

export function seenBy(principal: Principal | undefined, rows: readonly VersionRow[]): readonly VersionRow[] {
  return rows.filter((row) => isSeenBy(principal, row));
}
