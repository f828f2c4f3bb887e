import { setTimeout as wait } from "node:timers/promises";
import { clearDatabase } from "./clear-database.ts";
import { fault } from "./faults.ts";
import { ownRole } from "./names.ts";
import { findOwnRole } from "./role-mark.ts";
import { type Place, type Session, withSession } from "./session.ts";

/** Between two looks at a role's connections, ms. */
const LOOK_EVERY = 100;
const LOOKS = 150;
/** A connection that was let in just before comes in sight a moment later. */
const QUIET_LOOKS = 2;

/**
 * Each step is a transaction of its own, and holds when the next one fails: first nobody comes in, then nobody is in, then nothing is left,
 * then the role goes.
 */
export async function takeRole(place: Place, role: string): Promise<void> {
  const own = ownRole(role);
  const databases = await withSession(place, async (session) => {
    const found = await findOwnRole(session, role);
    if (found === undefined) return [];
    await session.rows(`ALTER ROLE ${own} NOLOGIN CONNECTION LIMIT 0 PASSWORD NULL`);
    // Only who has a role's own rights may end its connections, and drop what is its.
    await session.rows(`GRANT ${own} TO CURRENT_USER${session.version >= 160_000 ? " WITH INHERIT TRUE, SET TRUE" : ""}`);
    await endConnections(place, session, { role, oid: found.oid });
    const left = await databasesOf(place, session, { role, oid: found.oid });
    if (left.length === 0) await session.rows(`DROP ROLE ${own}`);
    return left;
  });
  if (databases.length === 0) return;
  for (const database of databases) await withSession(place, (session) => clearDatabase(session, role), database);
  await withSession(place, ({ rows }) => rows(`DROP ROLE IF EXISTS ${own}`));
}

interface Taken {
  readonly role: string;
  readonly oid: number;
}

async function endConnections({ server }: Place, { rows }: Session, { role, oid }: Taken): Promise<void> {
  let quiet = 0;
  let left = 0;
  for (let look = 0; look < LOOKS; look++) {
    const [seen] = await rows<{ left: number }>(
      "select count(pg_terminate_backend(pid))::int as left from pg_stat_activity where usesysid = $1::oid and pid <> pg_backend_pid()",
      [oid],
    );
    left = seen?.left ?? 0;
    quiet = left === 0 ? quiet + 1 : 0;
    if (quiet === QUIET_LOOKS) return;
    await wait(LOOK_EVERY);
  }
  throw fault(server, "failed", `${left} connections of "${role}" do not end`, "look at them in pg_stat_activity; it is tried again");
}

/** Where something is the role's, or depends on it; what belongs to the whole server is cleared from the source's own database. */
async function databasesOf({ server }: Place, { rows }: Session, { role, oid }: Taken): Promise<readonly string[]> {
  const found = await rows<{ name: string }>(
    `select coalesce(datname, $3) as name from pg_shdepend left join pg_database on pg_database.oid = dbid
       where refclassid = 'pg_authid'::regclass and refobjid = $1::oid
     union select database from pg_prepared_xacts where owner = $2`,
    [oid, role, server.database],
  );
  return found.map(({ name }) => name);
}
