import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chown, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { companyCertificate } from "./company-certificate.ts";

const run = promisify(execFile);
/** Where Debian has them, by version. */
const PROGRAMS = "/usr/lib/postgresql";

export interface PostgresChoices {
  /** Where it listens beside its socket; what the certificate says as well. */
  readonly address?: string;
  /** A network namespace with that address, which it runs in; it then listens on PostgreSQL's own port. */
  readonly namespace?: string;
  /** Further names in its certificate, which always has `localhost`: "db.example.org". */
  readonly names?: readonly string[];
  /** Lines of postgresql.conf. */
  readonly settings?: readonly string[];
}

/** A real PostgreSQL on this machine, with TLS, SCRAM and a log of every statement; its administrator comes in by the socket alone. */
export interface TestPostgres extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** PEM of the authority that signed its certificate. */
  readonly authority: string;
  /** 15 */
  readonly version: number;
  /** As superuser; by default in the database `postgres`. The rows of the last statement. */
  admin(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  /** All that it has logged until now. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export async function startPostgres(choices: PostgresChoices = {}): Promise<TestPostgres> {
  const { address = "127.0.0.1", names = [], settings = [], namespace } = choices;
  const programs = await newestPrograms();
  const owner = await ownerOf();
  const folder = await mkdtemp(join(tmpdir(), "guise-postgres-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { authority, key, certificate } = await companyCertificate([
      "DNS:localhost",
      `IP:${address}`,
      ...names.map((name) => `DNS:${name}`),
    ]);
    const files = { "server.key": key, "server.pem": certificate, "hba.conf": HBA };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
    for (const name of ["", ...Object.keys(files)]) if (owner !== undefined) await chown(join(folder, name), owner.uid, owner.gid);
    const as = owner === undefined ? {} : { uid: owner.uid, gid: owner.gid };
    const data = join(folder, "data");
    const made = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
    await run(join(programs, "initdb"), made, { ...as, cwd: folder });
    const port = namespace === undefined ? await freePort(address) : 5432;
    const options = optionsOf({ folder, address, port, settings });
    const [command, args] = withUs(join(programs, "postgres"), ["-D", data, ...options], owner);
    const there = namespace === undefined ? [] : ["ip", "netns", "exec", namespace];
    const [program = command, ...words] = [...there, command, ...args];
    const server = spawn(program, words, {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const told = toldBy(server);
    try {
      await told.until("database system is ready to accept connections");
      return running({ server, told, folder, address, port, authority, version: Number(/\/(\d+)\/bin$/.exec(programs)?.[1]), remove });
    } catch (error) {
      server.kill("SIGQUIT");
      throw error;
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

/** By the socket, whose folder is the server's alone, without a password; else with one, and only over TLS. */
const HBA = "local all postgres trust\nhostssl all all all scram-sha-256\n";

interface Running {
  readonly server: ChildProcess;
  readonly told: Told;
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  readonly authority: string;
  readonly version: number;
  remove(): Promise<void>;
}

function running({ server, told, folder, address, port, authority, version, remove }: Running): TestPostgres {
  const admin: TestPostgres["admin"] = async (sql, database = "postgres") => {
    const client = new Client({ host: folder, port, database, user: "postgres", ssl: false });
    await client.connect();
    try {
      const answered: unknown = await client.query(sql);
      const last = (Array.isArray(answered) ? answered.at(-1) : answered) as { rows: Record<string, unknown>[] };
      return last.rows;
    } finally {
      await client.end();
    }
  };
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const gone = once(server, "exit");
      // Its "immediate": what it holds is thrown away.
      server.kill("SIGQUIT");
      await gone;
    }
    await remove();
  };
  return {
    ...{ address, port, authority, version, admin, stop, [Symbol.asyncDispose]: stop },
    async log() {
      // Who has had an answer was logged before, so that all of it stands in front of this.
      const mark = randomUUID();
      await admin(`select '${mark}'`);
      return told.until(mark);
    },
  };
}

interface Told {
  /** All that was said up to now, as soon as this is in it; rejects with it when the program ends before. */
  until(text: string): Promise<string>;
}

function toldBy(child: ChildProcess): Told {
  let all = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    all += text;
    child.emit("told");
  });
  return {
    async until(text) {
      const stop = new AbortController();
      const gone = once(child, "exit", { signal: stop.signal }).then(() => {
        throw new Error(`PostgreSQL ended; it said:\n${all}`);
      });
      gone.catch(() => {});
      try {
        while (!all.includes(text)) await Promise.race([once(child, "told", { signal: stop.signal }), gone]);
        return all;
      } finally {
        stop.abort();
      }
    },
  };
}

async function newestPrograms(): Promise<string> {
  const versions = (await readdir(PROGRAMS).catch(() => [])).map(Number).sort((one, other) => other - one);
  if (versions[0] === undefined) throw new Error(`there is no PostgreSQL in ${PROGRAMS}; try: apt-get install postgresql`);
  return join(PROGRAMS, String(versions[0]), "bin");
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** It does not run as root. Undefined: as who we are. */
async function ownerOf(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (option: string) => Number((await run("id", [option, "postgres"])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

/** Ends with us, however we end. */
function withUs(program: string, args: readonly string[], owner: Owner | undefined): [string, string[]] {
  const as = owner === undefined ? [] : [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups"];
  return ["setpriv", ["--pdeathsig=QUIT", ...as, program, ...args]];
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function optionsOf({ folder, address, port, settings }: { folder: string; address: string; port: number; settings: readonly string[] }) {
  const lines = [
    `listen_addresses=${address}`,
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    `hba_file=${join(folder, "hba.conf")}`,
    ...["ssl=on", `ssl_key_file=${join(folder, "server.key")}`, `ssl_cert_file=${join(folder, "server.pem")}`],
    ...["password_encryption=scram-sha-256", "log_statement=all", "log_min_messages=info", "log_connections=on"],
    ...["fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=60", "autovacuum=off"],
    ...settings,
  ];
  return lines.flatMap((line) => ["-c", line]);
}
