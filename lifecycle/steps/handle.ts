import type { Driver, Handle } from "#provisioning";
import type { WorkspaceRow } from "#repository";

/** The stored handle, or one that names the generation when Guise died before it was stored. */
export function handleOf({ driver }: { readonly driver: Pick<Driver, "name"> }, row: WorkspaceRow): Handle {
  const stored = row.handle as Handle | undefined | null;
  const { id: workspace, generation, home } = row;
  // A handle of before homes had names of their own does not hold its home's.
  if (stored !== undefined && stored !== null && stored.generation === generation) return { ...stored, home };
  return { driver: driver.name, version: 0, workspace, generation, home, opaque: { name: row.engineName } };
}
