import { escapeIdentifier } from "pg";
import { SourceAccessError } from "../source-access-error.ts";
import { groupRole, isRolePrefix, moment, ownRole, plainPassword } from "./names.ts";
import type { GivenRole } from "./postgres-source.ts";
import { findOwnRole, MARK } from "./role-mark.ts";
import { scramVerifier } from "./scram-verifier.ts";
import { type Place, type Session, withSession } from "./session.ts";

/** Editors and notebooks open several each; what leaks some must not use up the server's hundred. */
const CONNECTIONS = 20;
/** From here on a membership says whether its member may act as the group itself. */
const MEMBERSHIP_OPTIONS = 160_000;

export async function giveRole(place: Place, { role, password, lends, until }: GivenRole): Promise<void> {
  const [own, group, end] = [ownRole(role), groupRole(lends), moment(until)];
  const verifier = await scramVerifier(plainPassword(password));
  await withSession(place, (session) =>
    session.transaction(async () => {
      await keepFromLog(session);
      const found = await findOwnRole(session, role);
      // Attributes that only a superuser may speak of stand in CREATE alone; ALTER would be refused for naming them.
      const verb = found === undefined ? "CREATE" : "ALTER";
      const never = found === undefined ? "NOSUPERUSER NOCREATEDB NOREPLICATION NOBYPASSRLS" : "";
      const rights = `LOGIN NOCREATEROLE INHERIT ${never} CONNECTION LIMIT ${CONNECTIONS}`;
      await session.rows(`${verb} ROLE ${own} ${rights} VALID UNTIL ${end} PASSWORD '${verifier}'`);
      if (found === undefined) await session.rows(`COMMENT ON ROLE ${own} IS '${MARK}'`);
      await lendOnly(session, { role, own, lends, group });
    }),
  );
}

export async function renewRole(place: Place, role: string, until: number): Promise<void> {
  const [own, end] = [ownRole(role), moment(until)];
  await withSession(place, async (session) => {
    if ((await findOwnRole(session, role)) === undefined)
      throw new SourceAccessError("role_missing", `there is no role "${role}" that could be renewed`, "give the workspace its role again");
    await session.rows(`ALTER ROLE ${own} VALID UNTIL ${end}`);
  });
}

export async function rolesNamed(place: Place, prefix: string): Promise<readonly string[]> {
  if (!isRolePrefix(prefix))
    throw new SourceAccessError("failed", `${JSON.stringify(prefix)} begins no role of a workspace`, "take a prefix of a-z, 0-9 and _");
  const found = await withSession(place, ({ rows }) =>
    rows<{ name: string }>(
      `select rolname as name from pg_roles
       where starts_with(rolname, $1) and shobj_description(oid, 'pg_authid') = $2 order by rolname`,
      [prefix, MARK],
    ),
  );
  return found.map(({ name }) => name);
}

/**
 * A verifier is no password, but whoever guesses passwords can try them on it. Where the setting may not be set it is not tried, which would
 * be a line of its own in the log.
 */
async function keepFromLog({ version, rows }: Session): Promise<void> {
  const asked =
    version < 150_000
      ? "select rolsuper as may from pg_roles where rolname = current_user"
      : "select has_parameter_privilege('log_statement', 'SET') as may";
  const [told] = await rows<{ may: boolean }>(asked);
  if (told?.may === true) await rows("SET LOCAL log_statement = 'none'");
}

interface Lending {
  readonly role: string;
  readonly own: string;
  readonly lends: string;
  readonly group: string;
}

/** Nothing but this, and without the right to lend it on. */
async function lendOnly(session: Session, { role, own, lends, group }: Lending): Promise<void> {
  const others = await session.rows<{ name: string }>(
    `select distinct lent.rolname as name from pg_auth_members
     join pg_roles member on member.oid = pg_auth_members.member join pg_roles lent on lent.oid = pg_auth_members.roleid
     where member.rolname = $1 and (lent.rolname <> $2 or admin_option)`,
    [role, lends],
  );
  for (const { name } of others) await session.rows(`REVOKE ${escapeIdentifier(name)} FROM ${own}`);
  const options = session.version >= MEMBERSHIP_OPTIONS ? " WITH INHERIT TRUE, SET FALSE, ADMIN FALSE" : "";
  await session.rows(`GRANT ${group} TO ${own}${options}`);
}
