import { isIP, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { checkServerIdentity, createSecureContext, type SecureContext } from "node:tls";
import { Client, type ClientConfig } from "pg";
import { messageOf } from "#foundation";
import { connectFault, fault, type Seen, sessionFault } from "./faults.ts";
import type { PostgresServer } from "./postgres-source.ts";

/** Until a connection can be used, ms. */
export const CONNECT_PATIENCE = 5_000;
const STATEMENT_PATIENCE = 15_000;
/** Less than a statement's, so that the server says what was waited for. */
const LOCK_PATIENCE = 10_000;
/** The server's own limit comes first, where it still answers. */
const ANSWER_PATIENCE = STATEMENT_PATIENCE + 2_000;
const GOODBYE_PATIENCE = 1_000;

export interface Place {
  readonly server: PostgresServer;
  readonly patience: number;
}

/** One connection. What is not in a `transaction` is one of its own. */
export interface Session {
  /** As `server_version_num`: 150004 is 15.4. */
  readonly version: number;
  rows<Row>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Ends the connection in any case. Rejects SourceAccessError. */
export async function withSession<Result>(
  { server, patience }: Place,
  work: (session: Session) => Promise<Result>,
  database = server.database,
): Promise<Result> {
  // A name would be looked up once more, and may have another address by then.
  if (isIP(server.address) === 0) throw fault(server, "unreachable", "its address is no IP address", "look its name up first");
  const seen: Seen = { isPlain: false, isLate: false, isClosed: false };
  const socket = watched(seen);
  const client = clientOf(server, database, socket);
  // A connection that breaks between two statements: the next one tells it.
  client.on("error", () => {});
  try {
    await connected(client, socket, seen, patience).catch((error: unknown) => {
      throw connectFault({ ...server, database }, error, seen);
    });
    return await sessionOn(client)
      .then(work)
      .catch((error: unknown) => {
        throw sessionFault({ ...server, database }, error);
      });
  } finally {
    await ended(client, socket);
  }
}

function clientOf(server: PostgresServer, database: string, socket: Socket): Client {
  const config: ClientConfig = {
    // Nothing is left to PGHOST and its like, nor an empty password to PGPASSWORD.
    ...{ host: server.address, port: server.port, database, user: server.user, password: () => server.password },
    ...{ application_name: "guise", client_encoding: "UTF8" },
    // Whoever may create in a schema could otherwise give the names in our statements another meaning (CVE-2018-1058).
    options: "-c search_path=pg_catalog,pg_temp -c client_min_messages=warning",
    ...{ statement_timeout: STATEMENT_PATIENCE, lock_timeout: LOCK_PATIENCE, query_timeout: ANSWER_PATIENCE },
    idle_in_transaction_session_timeout: STATEMENT_PATIENCE,
    stream: () => socket,
    sslnegotiation: "postgres",
    ssl: {
      rejectUnauthorized: true,
      checkServerIdentity: (_, certificate) => checkServerIdentity(server.host, certificate),
      // RFC 6066: a name, never an address.
      ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
      secureContext: trusting(server),
    },
  };
  return new Client(config);
}

function trusting(server: PostgresServer): SecureContext {
  try {
    return createSecureContext(server.authority === undefined ? {} : { ca: server.authority });
  } catch (error) {
    throw fault(server, "not_verified", `its authority cannot be read: ${messageOf(error)}`, "register certificates in PEM form");
  }
}

/** Before TLS the server says in one byte whether it has it. */
function watched(seen: Seen): Socket {
  const socket = new Socket();
  socket.once("data", ([first]: Buffer) => {
    seen.isPlain = first !== "S".charCodeAt(0);
  });
  socket.once("close", () => {
    seen.isClosed = true;
  });
  return socket;
}

async function connected(client: Client, socket: Socket, seen: Seen, patience: number): Promise<void> {
  const late = setTimeout(() => {
    seen.isLate = true;
    socket.destroy();
  }, patience);
  try {
    await client.connect();
  } finally {
    clearTimeout(late);
  }
}

async function sessionOn(client: Client): Promise<Session> {
  const rows = async <Row>(sql: string, values: readonly unknown[] = []) => {
    // Without values by the simple protocol, which takes statements that name no types.
    const { rows } = await (values.length === 0 ? client.query(sql) : client.query(sql, [...values]));
    return rows as readonly Row[];
  };
  const [found] = await rows<{ version: number }>("select current_setting('server_version_num')::int as version");
  return {
    version: found?.version ?? 0,
    rows,
    async transaction(work) {
      await rows("begin");
      try {
        const result = await work();
        await rows("commit");
        return result;
      } catch (error) {
        // A connection that is gone has rolled back by itself.
        await rows("rollback").catch(() => {});
        throw error;
      }
    },
  };
}

async function ended(client: Client, socket: Socket): Promise<void> {
  const stop = new AbortController();
  await Promise.race([client.end().catch(() => {}), wait(GOODBYE_PATIENCE, undefined, { signal: stop.signal }).catch(() => {})]);
  stop.abort();
  socket.destroy();
}
