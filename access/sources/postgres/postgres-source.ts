/** Where a database is, and who makes roles in it. */
export interface PostgresServer {
  /** Its name in the certificate. */
  readonly host: string;
  /** The IP address that is connected to: who calls has resolved it, so that nothing else is reached. */
  readonly address: string;
  readonly port: number;
  readonly database: string;
  /** PEM of the authority that signs the server's certificate; without: the public ones. */
  readonly authority?: string;
  /** The provisioner: a role with CREATEROLE that may lend the group roles, and can do nothing else. */
  readonly user: string;
  readonly password: string;
}

/** The group roles of the database that lend their rights; its administrator makes them. */
export interface PostgresGrants {
  readonly read: string;
  readonly write?: string;
}

export interface GivenRole {
  /** `[a-z0-9_]`, at most 63. */
  readonly role: string;
  /** Printable ASCII. */
  readonly password: string;
  /** The group role. */
  readonly lends: string;
  /** Wall clock, ms. */
  readonly until: number;
}
