/** Folders below the home, by name; the home itself is none. */
export type Place = readonly string[];

/** As the API takes it: relative paths lie under the home. */
export function pathOf(place: Place, name?: string): string {
  const parts = name === undefined ? place : [...place, name];
  return parts.length === 0 ? "~/" : `~/${parts.join("/")}`;
}

export const HOME: Place = [];
