import type { Sealing } from "../sealed.ts";

/** What opens a database for whoever makes roles in it. */
export interface DatabaseLogin {
  readonly username: string;
  readonly password: string;
}

/** As it may be kept in the database of Guise. */
export function sealDatabaseLogin(sealing: Sealing, source: string, { username, password }: DatabaseLogin): Promise<string> {
  return sealing.seal(JSON.stringify({ username, password }), purposeOf(source));
}

/** Undefined where it was sealed by another key, or for another source. */
export async function openDatabaseLogin(sealing: Sealing, source: string, sealed: string): Promise<DatabaseLogin | undefined> {
  const text = await sealing.open(sealed, purposeOf(source));
  return text === undefined ? undefined : (JSON.parse(text) as DatabaseLogin);
}

function purposeOf(source: string): string {
  return `data source ${source}`;
}
