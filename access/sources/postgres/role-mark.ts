import { SourceAccessError } from "../source-access-error.ts";
import type { Session } from "./session.ts";

/** The comment that Guise gives its roles: what does not carry it is not Guise's to change or drop. Before PostgreSQL 16 it could. */
export const MARK = "made by Guise for a workspace";

export interface FoundRole {
  readonly oid: number;
  readonly isOurs: boolean;
  /** It can more than any role that Guise makes. */
  readonly isPowerful: boolean;
}

const FIND = `select oid::int8::text as oid, coalesce(shobj_description(oid, 'pg_authid') = $2, false) as "isOurs",
  rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as "isPowerful"
  from pg_roles where rolname = $1`;

/** Undefined: there is no role of this name. Rejects SourceAccessError `not_permitted` for one that Guise did not make. */
export async function findOwnRole(session: Session, role: string): Promise<FoundRole | undefined> {
  const [found] = await session.rows<{ oid: string; isOurs: boolean; isPowerful: boolean }>(FIND, [role, MARK]);
  if (found === undefined) return undefined;
  if (!found.isOurs || found.isPowerful)
    throw new SourceAccessError(
      "not_permitted",
      `the role "${role}" is there already, and Guise did not make it`,
      "have the database's administrator rename or drop it",
    );
  return { ...found, oid: Number(found.oid) };
}
