import { type SourceLogin, sourceLoginSchema } from "@guise/contract";
import type { Sealing } from "./sealed.ts";

/** What opens a package source, as it may be kept in the database. */
export function sealLogin(sealing: Sealing, source: string, login: SourceLogin): Promise<string> {
  return sealing.seal(JSON.stringify(login), purposeOf(source));
}

/** Undefined where it was sealed by another key, or for another source. */
export async function openLogin(sealing: Sealing, source: string, sealed: string): Promise<SourceLogin | undefined> {
  const text = await sealing.open(sealed, purposeOf(source));
  return text === undefined ? undefined : sourceLoginSchema.parse(JSON.parse(text));
}

function purposeOf(source: string): string {
  return `package source ${source}`;
}
