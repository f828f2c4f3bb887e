import { isGroupName } from "./names.ts";
import type { PostgresGrants } from "./postgres-source.ts";
import { isPowerByName, listed, type Power, reachedRoles } from "./reached-roles.ts";
import type { Session } from "./session.ts";
import type { SourceFinding } from "./source-report.ts";

/** Powers that nothing which Guise does needs. */
const TOO_MUCH: readonly Power[] = ["SUPERUSER", "REPLICATION", "BYPASSRLS"];
/** Roles of PostgreSQL's own that reach beyond the database. */
const BEYOND: readonly string[] = ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"];
const OPTIONS_OF_MEMBERSHIPS = 160_000;

export async function provisionerFaults(session: Session, grants: PostgresGrants): Promise<readonly SourceFinding[]> {
  const [told] = await session.rows<{ name: string; createsRoles: boolean; inherits: boolean }>(
    `select rolname as name, rolcreaterole as "createsRoles", rolinherit as inherits from pg_roles where rolname = current_user`,
  );
  const name = told?.name ?? "";
  const faults: SourceFinding[] = [];
  const reached = await reachedRoles(session, name);
  for (const role of reached) {
    const much = role.powers.filter((power) => TOO_MUCH.includes(power));
    if (BEYOND.includes(role.name) || isPowerByName(role.name)) much.push(role.name as Power);
    if (much.length > 0) faults.push(tooPowerful(name, role.name, much));
  }
  if (reached[0]?.powers.includes("SUPERUSER") === true) return faults;
  if (told?.createsRoles !== true)
    faults.push(notPermitted(`"${name}" may make no roles`, `as an administrator: ALTER ROLE "${name}" CREATEROLE`));
  // It becomes a member of the role whose connections it ends, and from 16 on says with which rights.
  if (session.version < OPTIONS_OF_MEMBERSHIPS && told?.inherits !== true)
    faults.push(notPermitted(`"${name}" is NOINHERIT, and could not end connections`, `as an administrator: ALTER ROLE "${name}" INHERIT`));
  faults.push(...(await notLendable(session, name, told?.createsRoles === true, grants)));
  return faults;
}

function tooPowerful(name: string, role: string, powers: readonly string[]): SourceFinding {
  const through = role === name || powers.includes(role) ? "" : ` through "${role}"`;
  return {
    code: "too_powerful",
    message: `"${name}", which makes the roles, has ${listed(powers)}${through}`,
    remedy: `make a role for it that has LOGIN and CREATEROLE alone`,
  };
}

function notPermitted(message: string, remedy: string): SourceFinding {
  return { code: "not_permitted", message, remedy };
}

async function notLendable(
  session: Session,
  name: string,
  createsRoles: boolean,
  { read, write }: PostgresGrants,
): Promise<readonly SourceFinding[]> {
  // Before 16 who may make roles may lend all that are no superusers.
  if (session.version < OPTIONS_OF_MEMBERSHIPS && createsRoles) return [];
  const groups = [read, write].filter((group) => group !== undefined && isGroupName(group));
  const found = await session.rows<{ group: string }>(
    `select rolname as "group" from pg_roles where rolname = any($1) and not pg_has_role(oid, 'MEMBER WITH ADMIN OPTION')`,
    [groups],
  );
  return found.map(({ group }) =>
    notPermitted(`"${name}" may not lend "${group}"`, `as an administrator: GRANT "${group}" TO "${name}" WITH ADMIN OPTION`),
  );
}
