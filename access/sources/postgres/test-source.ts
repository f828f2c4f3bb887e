import { SourceAccessError } from "../source-access-error.ts";
import { groupRights } from "./group-rights.ts";
import type { PostgresGrants } from "./postgres-source.ts";
import { provisionerFaults } from "./provisioner-rights.ts";
import { publicRights } from "./public-rights.ts";
import { type Place, type Session, withSession } from "./session.ts";
import type { SourceReport } from "./source-report.ts";

const OLDEST = 130_000;

/** Looks, and changes nothing. */
export async function testSource(place: Place, grants: PostgresGrants): Promise<SourceReport> {
  try {
    return await withSession(place, (session) => looked(session, grants));
  } catch (error) {
    if (!(error instanceof SourceAccessError)) throw error;
    return { facts: {}, faults: [{ code: error.code, message: error.message, remedy: error.remedy }], notes: [] };
  }
}

async function looked(session: Session, grants: PostgresGrants): Promise<SourceReport> {
  const [told] = await session.rows<{ version: string }>("select split_part(current_setting('server_version'), ' ', 1) as version");
  const version = told?.version ?? "";
  if (session.version < OLDEST) {
    const old = {
      code: "failed",
      message: `PostgreSQL ${version} is older than 13`,
      remedy: "bring it to a version that is maintained",
    } as const;
    return { facts: { version }, faults: [old], notes: [] };
  }
  const provisioner = await provisionerFaults(session, grants);
  const read = await groupRights(session, grants.read, "read");
  const write = grants.write === undefined ? undefined : await groupRights(session, grants.write, "write");
  const everybody = await publicRights(session);
  return {
    facts: { version, readable: read.tables, ...(write === undefined ? {} : { writable: write.tables }) },
    faults: [...provisioner, ...read.faults, ...(write?.faults ?? []), ...everybody.faults],
    notes: [...read.notes, ...(write?.notes ?? []), ...everybody.notes],
  };
}
