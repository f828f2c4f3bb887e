import { giveRole, renewRole, rolesNamed } from "./give-role.ts";
import type { GivenRole, PostgresGrants, PostgresServer } from "./postgres-source.ts";
import { CONNECT_PATIENCE } from "./session.ts";
import type { SourceReport } from "./source-report.ts";
import { takeRole } from "./take-role.ts";
import { testSource } from "./test-source.ts";

/** All but `test` reject SourceAccessError. */
export interface PostgresAccess {
  /** What is wrong with a source is in what it answers. */
  test(server: PostgresServer, grants: PostgresGrants): Promise<SourceReport>;
  /** Safe to repeat: password, membership and end of a role of this name are set anew. */
  give(server: PostgresServer, role: GivenRole): Promise<void>;
  renew(server: PostgresServer, role: string, until: number): Promise<void>;
  /** Resolves when the role and its connections are gone. Safe to repeat, also where it ended half-way; absent is gone. */
  take(server: PostgresServer, role: string): Promise<void>;
  /** The roles that Guise made whose names begin so. */
  roles(server: PostgresServer, prefix: string): Promise<readonly string[]>;
}

export interface PostgresAccessChoices {
  /** How long a connection may take until it can be used, ms. */
  readonly connectPatience?: number;
}

export function createPostgresAccess({ connectPatience = CONNECT_PATIENCE }: PostgresAccessChoices = {}): PostgresAccess {
  const to = (server: PostgresServer) => ({ server, patience: connectPatience });
  return {
    test: (server, grants) => testSource(to(server), grants),
    give: (server, role) => giveRole(to(server), role),
    renew: (server, role, until) => renewRole(to(server), role, until),
    take: (server, role) => takeRole(to(server), role),
    roles: (server, prefix) => rolesNamed(to(server), prefix),
  };
}
