import { WORKSPACE_STATES, type WorkspaceOrder } from "@guise/contract";
import { nameOfPrincipal } from "#access";
import type { WorkspaceRow } from "#repository";

export interface Listing {
  readonly order: WorkspaceOrder;
  readonly descending: boolean;
  readonly search: string | undefined;
  readonly localIssuer: string;
}

export interface ListedWorkspace {
  readonly row: WorkspaceRow;
  /** Its place in the order, and of no other. */
  readonly key: string;
}

/** Those that are looked for, in order. */
export function listedWorkspaces(rows: readonly WorkspaceRow[], listing: Listing): ListedWorkspace[] {
  const sign = listing.descending ? -1 : 1;
  return rows
    .filter((row) => listing.search === undefined || isFound(row, listing.search.toLowerCase(), listing.localIssuer))
    .map((row) => ({ row, key: keyOf(row, listing) }))
    .sort((a, b) => (a.key < b.key ? -sign : sign));
}

function isFound({ id, owner, persona, personaName, name }: WorkspaceRow, search: string, localIssuer: string): boolean {
  return [id, nameOfPrincipal(owner, localIssuer), persona, personaName, name].some((text) => text.toLowerCase().includes(search));
}

/** What it is ordered by, then time, then id; padded so that the order of text is the order of time. */
function keyOf(row: WorkspaceRow, { order, localIssuer }: Listing): string {
  const time = `${String(row.requestedAt).padStart(16, "0")}.${row.id}`;
  switch (order) {
    case "requested":
      return time;
    case "owner":
      return `${nameOfPrincipal(row.owner, localIssuer)}\n${time}`;
    case "persona":
      return `${row.personaName.toLowerCase()}\n${row.persona}\n${time}`;
    case "state":
      return `${WORKSPACE_STATES.indexOf(row.state)}\n${time}`;
  }
}
