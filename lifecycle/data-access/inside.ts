import type { PlannedFile } from "#applications";
import type { AllowedTarget } from "#provisioning";

/** A role in a database, as a workspace is told of it. */
export interface GivenDatabase {
  readonly source: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly database: string;
  readonly authority?: string | undefined;
  readonly role: string;
  readonly password: string;
}

/** What makes databases reachable by their names for whatever rests on libpq. Secret. */
export interface InsideAccess {
  readonly variables: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
}

/** What a start was given: what makes it usable inside, and where it is. */
export interface GivenAccess extends InsideAccess {
  readonly targets: readonly AllowedTarget[];
}

export const NO_ACCESS: GivenAccess = { variables: {}, files: [], targets: [] };

/** On tmpfs: it goes with the sandbox. */
const FOLDER = "/run/guise/data";
/** Where Debian keeps the public authorities. */
const PUBLIC_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * A service of each database in libpq's own file, the password apart. `PGSYSCONFDIR` leaves the person's own services in force, which count
 * more. The first one is where `psql` goes without a word. Pure.
 */
export function insideOf(databases: readonly GivenDatabase[]): InsideAccess {
  const [first] = databases;
  if (first === undefined) return { variables: {}, files: [] };
  const authorities = databases.flatMap(({ source, authority }) => (authority === undefined ? [] : [file(`${source}.crt`, authority)]));
  return {
    variables: { PGSYSCONFDIR: FOLDER, PGPASSFILE: `${FOLDER}/pgpass`, PGSERVICE: first.source },
    files: [
      file("pg_service.conf", databases.map(serviceOf).join("\n")),
      file("pgpass", databases.map(passwordLine).join("")),
      ...authorities,
    ],
  };
}

function file(name: string, content: string): PlannedFile {
  return { path: `${FOLDER}/${name}`, content, mode: 0o600, apply: "default" };
}

function serviceOf({ source, host, address, port, database, role, authority }: GivenDatabase): string {
  const root = authority === undefined ? PUBLIC_AUTHORITIES : `${FOLDER}/${source}.crt`;
  // Nothing inside looks names up; the certificate is held to the name all the same.
  const lines = { host, hostaddr: address, port, dbname: database, user: role, sslmode: "verify-full", sslrootcert: root };
  return `[${source}]\n${Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("")}`;
}

function passwordLine({ host, port, database, role, password }: GivenDatabase): string {
  return `${[host, String(port), database, role, password].map(escaped).join(":")}\n`;
}

function escaped(text: string): string {
  return text.replace(/[\\:]/g, (character) => `\\${character}`);
}
