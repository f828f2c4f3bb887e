import { decide, type Principal } from "#access";
import type { Repository, VersionRow } from "#repository";
import { personaResource } from "./persona-resource.ts";
import { isSeenBy } from "./seen-versions.ts";

/**
 * Of each persona the version that a request gets; of those that never had a usable one, or are retired, the newest. Of those of which nothing was ever
 * published, the drafts, each for its author alone. By id.
 */
export async function shownVersions(repository: Repository): Promise<readonly VersionRow[]> {
  const shown = new Map<string, VersionRow>();
  for (const row of await repository.latestVersions()) shown.set(row.persona, row);
  for (const state of ["building", "build_failed", "retired"] as const) {
    for (const row of await repository.versionsInState(state)) {
      const other = shown.get(row.persona);
      if (other === undefined || (!other.latest && other.version < row.version)) shown.set(row.persona, row);
    }
  }
  const drafts = (await repository.drafts()).filter(({ persona }) => !shown.has(persona));
  return [...shown.values(), ...drafts].sort((a, b) => (a.persona < b.persona ? -1 : a.persona > b.persona ? 1 : a.version - b.version));
}

/** What is retired is listed for those alone who may take that back. */
export function visibleTo(principal: Principal | undefined, rows: readonly VersionRow[]): readonly VersionRow[] {
  return rows.filter((row) => {
    const resource = personaResource([row]);
    if (!isSeenBy(principal, row) || !decide("show_persona", principal, resource).allowed) return false;
    return !row.isRetired || decide("retire_persona", principal, resource).allowed;
  });
}
