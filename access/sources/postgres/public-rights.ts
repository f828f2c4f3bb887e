import { listed } from "./reached-roles.ts";
import type { Session } from "./session.ts";
import type { SourceFinding } from "./source-report.ts";

const OPTIONS_OF_MEMBERSHIPS = 160_000;

/** What every role may do, and with it those of workspaces. */
export async function publicRights(
  session: Session,
): Promise<{ readonly faults: readonly SourceFinding[]; readonly notes: readonly string[] }> {
  const names = async (ask: string) => (await session.rows<{ name: string }>(ask)).map(({ name }) => name);
  const schemas = await names(
    "select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_(toast|temp)' and has_schema_privilege('public', oid, 'CREATE') order by 1",
  );
  const faults = schemas.map((schema) => ({
    code: "lends_too_much" as const,
    message: `everybody may CREATE in schema ${schema}`,
    remedy: `REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC (before PostgreSQL 15 every database begins with it)`,
  }));
  const temporary = await names(
    "select quote_ident(datname) as name from pg_database where datname = current_database() and has_database_privilege('public', oid, 'TEMP')",
  );
  const databases = await names(
    `select quote_ident(datname) as name from pg_database where datallowconn and datname <> current_database()
     and has_database_privilege('public', oid, 'CONNECT') order by 1`,
  );
  const definers = await names(
    `select pg_proc.oid::regprocedure::text as name from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
     where prosecdef and nspname not in ('pg_catalog', 'information_schema') and has_schema_privilege('public', pronamespace, 'USAGE')
     and has_function_privilege('public', pg_proc.oid, 'EXECUTE') order by 1`,
  );
  return {
    faults,
    notes: [
      ...temporary.map((name) => `everybody may make temporary tables in database ${name} (REVOKE TEMP ON DATABASE ${name} FROM PUBLIC)`),
      ...(databases.length === 0 ? [] : [`everybody may connect to other databases of the server: ${listed(databases)}`]),
      ...(definers.length === 0 ? [] : [`everybody may call functions that run with their owner's rights: ${listed(definers)}`]),
      ...(session.version < OPTIONS_OF_MEMBERSHIPS ? BEFORE_16 : []),
    ],
  };
}

const BEFORE_16: readonly string[] = [
  "before PostgreSQL 16 who may make roles may also change and drop every role that is no superuser, and become a member of it",
  "before PostgreSQL 16 a workspace can act as the group role itself, and leave large objects in its name",
];
