import type { Session } from "./session.ts";

/** A role, or one whose rights it has or can take by membership. */
export interface ReachedRole {
  readonly oid: string;
  readonly name: string;
  readonly canLogin: boolean;
  readonly powers: readonly Power[];
}

export const POWERS = ["SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS"] as const;
export type Power = (typeof POWERS)[number];

/** Whether a membership inherits or lets its member act as the group: either way its rights can be had. */
const REACHED = `with recursive reached (oid) as (
    select oid from pg_roles where rolname = $1
    union select roleid from pg_auth_members join reached on member = reached.oid
  )
  select oid::int8::text as oid, rolname as name, rolcanlogin as "canLogin", array_remove(array[
    case when rolsuper then 'SUPERUSER' end, case when rolcreaterole then 'CREATEROLE' end, case when rolcreatedb then 'CREATEDB' end,
    case when rolreplication then 'REPLICATION' end, case when rolbypassrls then 'BYPASSRLS' end], null) as powers
  from reached join pg_roles using (oid) order by rolname <> $1, rolname`;

/** The role itself is the first; none: it is not there. */
export function reachedRoles({ rows }: Session, name: string): Promise<readonly ReachedRole[]> {
  return rows<ReachedRole>(REACHED, [name]);
}

/** What hosts of databases call the roles that are superusers in all but name. */
const HOSTS_SUPERUSERS: readonly string[] = ["rds_superuser", "cloudsqlsuperuser", "alloydbsuperuser", "azure_pg_admin"];

export function isPowerByName(name: string): boolean {
  return HOSTS_SUPERUSERS.includes(name);
}

const SHOWN = 5;

/** The first few by name, and how many more. */
export function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
