import { isGroupName } from "./names.ts";
import { isPowerByName, listed, type ReachedRole, reachedRoles } from "./reached-roles.ts";
import type { Session } from "./session.ts";
import type { SourceFinding } from "./source-report.ts";

export type Level = "read" | "write";

export interface GroupRights {
  /** How many tables and views it may read, or write. */
  readonly tables: number;
  readonly faults: readonly SourceFinding[];
  readonly notes: readonly string[];
}

/** Of PostgreSQL's own roles only these lend what the level is for. */
const LENT_BY: Readonly<Record<Level, readonly string[]>> = {
  read: ["pg_read_all_data"],
  write: ["pg_read_all_data", "pg_write_all_data"],
};

/** What a group role must not lend by any of the roles that it reaches. */
export async function groupRights(session: Session, group: string, level: Level): Promise<GroupRights> {
  const reached = isGroupName(group) ? await reachedRoles(session, group) : [];
  const [itself] = reached;
  if (itself === undefined) {
    const remedy = `as an administrator: CREATE ROLE "${group}" NOLOGIN, and grant it what may be lent`;
    return { tables: 0, faults: [{ code: "role_missing", message: `there is no role "${group}"`, remedy }], notes: [] };
  }
  const powers = reached.flatMap((role) => powersOf(group, role, level));
  // It may do all, so that nothing is left to ask.
  if (itself.powers.includes("SUPERUSER")) return { tables: 0, faults: powers, notes: [] };
  const faults = [...powers];
  for (const { ask, what, remedy } of level === "read" ? [...NEVER, ...NOT_BY_READING] : NEVER) {
    const names = (await session.rows<{ name: string }>(ask, [itself.oid, reached.map(({ oid }) => oid)])).map(({ name }) => name);
    if (names.length > 0) faults.push(lends(`"${group}" ${what} ${listed(names)}`, remedy));
  }
  const tables = await countTables(session, itself.oid, level);
  const notes = tables === 0 ? [`"${group}" may ${level} no table yet`] : [];
  if (await readsVerifiers(session, itself.oid)) notes.push(`"${group}" may read the password verifiers of all roles, in pg_authid`);
  return { tables, faults, notes };
}

function lends(message: string, remedy: string): SourceFinding {
  return { code: "lends_too_much", message, remedy };
}

function powersOf(group: string, { name, powers, canLogin }: ReachedRole, level: Level): readonly SourceFinding[] {
  const through = name === group ? "" : ` through "${name}"`;
  const faults = powers.map((power) =>
    lends(`"${group}" has ${power}${through}`, name === group ? `ALTER ROLE "${name}" NO${power}` : `REVOKE "${name}" FROM "${group}"`),
  );
  // Before 16 a member can act as the group, and give it a password that outlives the member.
  if (canLogin) faults.push(lends(`"${group}" lets one sign in${through === "" ? " as itself" : through}`, `ALTER ROLE "${name}" NOLOGIN`));
  const isOfPostgres = name.startsWith("pg_") && !LENT_BY[level].includes(name);
  if (isOfPostgres || isPowerByName(name)) faults.push(lends(`"${group}" is a member of ${name}`, `REVOKE ${name} FROM "${group}"`));
  return faults;
}

interface Right {
  /** `$1` is the group, `$2` it and all that it reaches. */
  readonly ask: string;
  readonly what: string;
  readonly remedy: string;
}

const OTHERS_TABLES = "pg_class join pg_namespace on pg_namespace.oid = relnamespace";
const NOT_OF_POSTGRES = "nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'";
const WITH_REACHED = "$1::oid is not null and $2::oid[] is not null";

const NEVER: readonly Right[] = [
  {
    // What everybody may do is told of everybody.
    ask: `select quote_ident(nspname) as name from pg_namespace where ${WITH_REACHED} and nspname !~ '^pg_(toast|temp)'
      and has_schema_privilege($1::oid, oid, 'CREATE') and not has_schema_privilege('public', oid, 'CREATE') order by 1`,
    what: "may CREATE in schema",
    remedy: "REVOKE CREATE ON SCHEMA … FROM it: a workspace must leave nothing behind",
  },
  {
    ask: `select quote_ident(datname) as name from pg_database where ${WITH_REACHED} and datname = current_database()
      and has_database_privilege($1::oid, oid, 'CREATE')`,
    what: "may CREATE schemas in database",
    remedy: "REVOKE CREATE ON DATABASE … FROM it: a workspace must leave nothing behind",
  },
  {
    ask: `select case when datname = current_database() then coalesce(pg_describe_object(classid, objid, objsubid), 'something')
        else 'something in database ' || quote_ident(coalesce(datname, '?')) end as name
      from pg_shdepend left join pg_database on pg_database.oid = dbid
      where ${WITH_REACHED} and refclassid = 'pg_authid'::regclass and deptype = 'o' and refobjid = any($2::oid[]) order by 1`,
    what: "owns",
    remedy: "ALTER … OWNER TO another role: an owner may change and drop it, and let others in",
  },
  {
    ask: `select pg_class.oid::regclass::text as name from ${OTHERS_TABLES} where ${WITH_REACHED} and relkind in ('r', 'p', 'v', 'f')
      and ${NOT_OF_POSTGRES} and has_table_privilege($1::oid, pg_class.oid, 'TRIGGER') order by 1`,
    what: "may make triggers, which outlive a workspace, on",
    remedy: "REVOKE TRIGGER ON … FROM it",
  },
  {
    ask: `select pg_class.oid::regclass::text as name from pg_class, aclexplode(relacl) granted
        where $1::oid is not null and granted.is_grantable and granted.grantee = any($2::oid[])
      union select 'schema ' || quote_ident(nspname) from pg_namespace, aclexplode(nspacl) granted
        where granted.is_grantable and granted.grantee = any($2::oid[])
      union select 'role ' || quote_ident(rolname) from pg_auth_members join pg_roles on pg_roles.oid = roleid
        where admin_option and member = any($2::oid[]) order by 1`,
    what: "may pass on its rights on",
    remedy: "REVOKE GRANT OPTION FOR, or ADMIN OPTION FOR, … FROM it: what was passed on would outlive a workspace",
  },
  {
    ask: `select distinct proname as name from pg_proc where ${WITH_REACHED} and pronamespace = 'pg_catalog'::regnamespace
      and proname in ('pg_read_file', 'pg_read_binary_file', 'pg_stat_file', 'pg_ls_dir', 'lo_import', 'lo_export')
      and has_function_privilege($1::oid, oid, 'EXECUTE') order by 1`,
    what: "reaches files of the server by",
    remedy: "REVOKE EXECUTE ON FUNCTION … FROM it",
  },
];

const NOT_BY_READING: readonly Right[] = [
  {
    ask: `select pg_class.oid::regclass::text as name from ${OTHERS_TABLES} where ${WITH_REACHED} and relkind in ('r', 'p', 'v', 'f')
      and ${NOT_OF_POSTGRES} and (has_table_privilege($1::oid, pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        or has_any_column_privilege($1::oid, pg_class.oid, 'INSERT, UPDATE'))
      union select pg_class.oid::regclass::text from ${OTHERS_TABLES} where ${NOT_OF_POSTGRES}
        and case when relkind = 'S' then has_sequence_privilege($1::oid, pg_class.oid, 'UPDATE') end order by 1`,
    what: "is for reading, and may write",
    remedy: "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON … FROM it, and from PUBLIC",
  },
];

const USED_BY: Readonly<Record<Level, string>> = { read: "SELECT", write: "INSERT, UPDATE, DELETE" };

async function countTables({ rows }: Session, group: string, level: Level): Promise<number> {
  const [told] = await rows<{ tables: number }>(
    `select count(*)::int as tables from ${OTHERS_TABLES} where relkind in ('r', 'p', 'v', 'm', 'f') and ${NOT_OF_POSTGRES}
      and has_schema_privilege($1::oid, relnamespace, 'USAGE') and has_table_privilege($1::oid, pg_class.oid, $2)`,
    [group, USED_BY[level]],
  );
  return told?.tables ?? 0;
}

async function readsVerifiers({ rows }: Session, group: string): Promise<boolean> {
  const [told] = await rows<{ may: boolean }>("select has_table_privilege($1::oid, 'pg_authid', 'SELECT') as may", [group]);
  return told?.may === true;
}
