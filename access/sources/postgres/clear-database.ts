import { escapeIdentifier, escapeLiteral } from "pg";
import { SourceAccessError } from "../source-access-error.ts";
import type { Session } from "./session.ts";

/**
 * What goes, and with it what is made of it, in this order: code that would run with somebody else's rights if it came to another owner,
 * what shows data through it, and what holds none. By the kinds of `pg_identify_object`.
 */
const DROPPED: Readonly<Record<string, string>> = {
  function: "ROUTINE",
  procedure: "ROUTINE",
  aggregate: "ROUTINE",
  view: "VIEW",
  "materialized view": "MATERIALIZED VIEW",
  "foreign table": "FOREIGN TABLE",
  "event trigger": "EVENT TRIGGER",
  "operator class": "OPERATOR CLASS",
  "operator family": "OPERATOR FAMILY",
  operator: "OPERATOR",
  publication: "PUBLICATION",
  "statistics object": "STATISTICS",
  server: "SERVER",
  "foreign-data wrapper": "FOREIGN DATA WRAPPER",
};

/** What belongs to an extension goes with it alone. */
const OWNED = `select kind.type, kind.identity from pg_shdepend, pg_identify_object(classid, objid, objsubid) kind
  where dbid = (select oid from pg_database where datname = current_database()) and refclassid = 'pg_authid'::regclass and deptype = 'o'
  and refobjid = (select oid from pg_roles where rolname = $1)
  and not exists (select from pg_depend where pg_depend.classid = pg_shdepend.classid and pg_depend.objid = pg_shdepend.objid and deptype = 'e')`;

/** On tables of the role's: they stay, and must run nothing. */
const ON_TABLES = `select 'TRIGGER' as what, tgname as name, tgrelid::regclass::text as "on" from pg_trigger join pg_class on pg_class.oid = tgrelid
    where not tgisinternal and tgparentid = 0 and relowner = (select oid from pg_roles where rolname = $1)
  union all select 'RULE', rulename, ev_class::regclass::text from pg_rewrite join pg_class on pg_class.oid = ev_class
    where rulename <> '_RETURN' and relowner = (select oid from pg_roles where rolname = $1)`;

/** In the database that the session is on: what is the role's goes, its tables apart, which may be somebody's only copy. */
export async function clearDatabase(session: Session, role: string): Promise<void> {
  await endPrepared(session, role);
  await session.transaction(async () => {
    await dropCode(session, role);
    await unlinkLargeObjects(session, role);
    if ((await session.rows(OWNED, [role])).length > 0) await leaveToHeir(session, role);
    // Also what others let the role do here, and what it let others do by default.
    await session.rows(`DROP OWNED BY ${escapeIdentifier(role)}`);
  });
}

/** A transaction that was prepared outlives its connection, with all that it locks; only its own role may end it, outside of any other. */
async function endPrepared({ rows }: Session, role: string): Promise<void> {
  const prepared = await rows<{ gid: string }>("select gid from pg_prepared_xacts where owner = $1 and database = current_database()", [
    role,
  ]);
  if (prepared.length === 0) return;
  await rows(`SET ROLE ${escapeIdentifier(role)}`);
  for (const { gid } of prepared) await rows(`ROLLBACK PREPARED ${escapeLiteral(gid)}`);
  await rows("RESET ROLE");
}

async function dropCode({ rows }: Session, role: string): Promise<void> {
  const owned = await rows<{ type: string; identity: string }>(OWNED, [role]);
  for (const [kind, word] of Object.entries(DROPPED))
    for (const { type, identity } of owned) if (type === kind) await rows(`DROP ${word} IF EXISTS ${identity} CASCADE`);
  for (const { what, name, on } of await rows<{ what: string; name: string; on: string }>(ON_TABLES, [role]))
    await rows(`DROP ${what} IF EXISTS ${escapeIdentifier(name)} ON ${on}`);
}

async function unlinkLargeObjects({ rows }: Session, role: string): Promise<void> {
  await rows("select lo_unlink(oid) from pg_largeobject_metadata where lomowner = (select oid from pg_roles where rolname = $1)", [role]);
}

/** A role that nobody signs in as, that is member of nothing, and that nobody but the provisioner can take the place of. */
async function leaveToHeir({ version, rows }: Session, role: string): Promise<void> {
  const [told] = await rows<{ name: string }>("select 'heir_of_' || oid as name from pg_roles where rolname = current_user");
  const name = told?.name ?? "";
  const heir = escapeIdentifier(name);
  const [found] = await rows<{ isPowerless: boolean }>(
    `select not (rolcanlogin or rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
       or exists (select from pg_auth_members where member = pg_roles.oid)) as "isPowerless" from pg_roles where rolname = $1`,
    [name],
  );
  if (found === undefined) {
    await rows(`CREATE ROLE ${heir} NOLOGIN`);
    await rows(`COMMENT ON ROLE ${heir} IS 'owns tables of workspaces that are gone; lends nothing to anybody'`);
  } else if (!found.isPowerless)
    throw new SourceAccessError(
      "lends_too_much",
      `the role "${name}", which tables of workspaces are left to, has rights of its own or may sign in`,
      `make it NOLOGIN and a member of nothing, and take its attributes away`,
    );
  await rows(`GRANT ${heir} TO CURRENT_USER${version >= 160_000 ? " WITH INHERIT TRUE, SET TRUE" : ""}`);
  await rows(`REASSIGN OWNED BY ${escapeIdentifier(role)} TO ${heir}`);
  await rows(`REVOKE ${heir} FROM CURRENT_USER`);
}
