import { DatabaseError } from "pg";
import { codeOf, messageOf } from "#foundation";
import { SourceAccessError, type SourceFault } from "../source-access-error.ts";
import type { PostgresServer } from "./postgres-source.ts";

/** What was seen of a connection on its way. */
export interface Seen {
  /** The server answered that it has no TLS. */
  isPlain: boolean;
  isLate: boolean;
  isClosed: boolean;
}

type Named = Pick<PostgresServer, "host" | "address" | "port" | "database" | "user">;

/** What servers say may be long, and goes into one line. */
const LONGEST = 400;

/** Why there is no connection. */
export function connectFault(server: Named, error: unknown, seen: Seen): SourceAccessError {
  if (error instanceof SourceAccessError) return error;
  if (error instanceof DatabaseError) return refusedAtDoor(server, error);
  if (seen.isPlain) return fault(server, "not_verified", "it offers no TLS", "turn ssl on there: passwords and data go over no other way");
  if (seen.isLate) return unreachable(server, "it did not answer in time");
  // TLS that is cut off in the middle names no system call.
  if ((error instanceof Error && "syscall" in error) || codeOf(error) === "ECONNRESET") return unreachable(server, messageOf(error));
  if (codeOf(error) !== undefined)
    return fault(
      server,
      "not_verified",
      `its certificate does not fit: ${messageOf(error)}`,
      `register the name that is in its certificate, and the authority that signed it`,
    );
  if (seen.isClosed) return unreachable(server, messageOf(error));
  // Of the driver's own: what server and password say to each other does not fit.
  return fault(server, "login_refused", messageOf(error), passwordOf(server));
}

/** Why a statement did not do what it should. */
export function sessionFault(server: Named, error: unknown): SourceAccessError {
  if (error instanceof SourceAccessError) return error;
  if (!(error instanceof DatabaseError)) return unreachable(server, `the connection broke: ${messageOf(error)}`);
  const reason = said(error);
  const code = error.code ?? "";
  const told = (kind: SourceFault, remedy: string) => fault(server, kind, reason, remedy, { sqlstate: code });
  if (code === "42501") return told("not_permitted", `give "${server.user}" the right that is named, then try the source again`);
  if (code === "42704") return told("role_missing", "have the database's administrator make the role");
  if (/^57P0/.test(code)) return unreachable(server, reason);
  if (code === "55P03" || code === "57014") return told("failed", "somebody holds a lock there for long: end that transaction");
  if (code === "2BP01")
    return told(
      "failed",
      "have the database's administrator end what depends on the role: DROP OWNED BY it, in the database that is named",
    );
  return told("failed", "look into its log");
}

function refusedAtDoor(server: Named, error: DatabaseError): SourceAccessError {
  const reason = said(error);
  const code = error.code ?? "";
  const told = (kind: SourceFault, remedy: string) => fault(server, kind, reason, remedy, { sqlstate: code });
  if (code.startsWith("28")) return told("login_refused", passwordOf(server));
  if (code === "42501") return told("not_permitted", `GRANT CONNECT ON DATABASE "${server.database}" TO "${server.user}"`);
  if (code === "3D000") return told("failed", `register a database that is there`);
  if (code.startsWith("53") || code.startsWith("57P")) return told("unreachable", "try again when it takes connections");
  return told("failed", "look into its log");
}

function passwordOf({ user }: Named): string {
  return `look at the name and password of "${user}", and at the server's pg_hba.conf: it needs a hostssl line for it, with scram-sha-256`;
}

function unreachable(server: Named, reason: string): SourceAccessError {
  return fault(server, "unreachable", reason, `see that it runs, and that ${server.address}:${server.port} can be reached from here`);
}

export function fault(
  server: Named,
  code: SourceFault,
  reason: string,
  remedy: string,
  detail: Readonly<Record<string, unknown>> = {},
): SourceAccessError {
  return new SourceAccessError(code, `${placeOf(server)}: ${oneLine(reason)}`, remedy, detail);
}

function placeOf({ host, address, port, database }: Named): string {
  return `PostgreSQL at ${host}:${port}${host === address ? "" : ` (${address})`}, database "${database}"`;
}

function said({ message, detail }: DatabaseError): string {
  return detail === undefined ? message : `${message}: ${detail}`;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, " ");
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
