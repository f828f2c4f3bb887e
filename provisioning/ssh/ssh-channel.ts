import type { Duplex } from "node:stream";
import { buffer as collect } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import type { Client, ClientCallback, ClientChannel } from "ssh2";
import { codeOf, type Ids, randomIds } from "#foundation";
import type { Channel, ChannelProcess, FileAccess, OpenOptions, RunOptions, RunResult } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { ChannelStream } from "./channel-stream.ts";
import { cancelled, collectRun } from "./collected-run.ts";
import type { SshConnection } from "./connection.ts";
import { SftpFiles } from "./sftp-files.ts";
import { SftpSession } from "./sftp-session.ts";
import { SshProcess } from "./ssh-process.ts";
import { UNTIL_BEGUN } from "./until-begun.ts";

/** Linux passes no longer argument than 128 KiB, and OpenSSH ends a connection at a packet of 256 KiB. */
const LONGEST_COMMAND = 120_000;
/** OpenSSH silently drops variables beyond 129. */
const MOST_VARIABLES = 100;

/** By this the login shell (`inside/main/shell`) knows what is Guise's own. A shell passes over it. */
const OWN = ": guise; ";

export class SshChannel implements Channel {
  readonly closed: Promise<void>;
  readonly #connection: SshConnection;
  readonly #files: SftpFiles;
  #sftp: Promise<SftpSession> | undefined;

  constructor(connection: SshConnection, ids: Ids = randomIds) {
    this.#connection = connection;
    this.closed = connection.closed;
    this.#files = new SftpFiles(() => this.#session(), ids);
  }

  async run(command: string, options: RunOptions = {}): Promise<RunResult> {
    if (options.signal?.aborted === true) throw cancelled(options.signal);
    const { result } = await this.#execute(command, options, (channel) => ({ result: collectRun(channel, this.#connection, options) }));
    return result;
  }

  async open(command: string | null, options: OpenOptions = {}): Promise<ChannelProcess> {
    return this.#execute(command, options, (channel) => new SshProcess(channel, this.#connection, () => this.run(UNTIL_BEGUN)));
  }

  async forward(target: { readonly port: number } | { readonly socket: string }): Promise<Duplex> {
    if ("socket" in target) {
      return this.#forwarded(target.socket, (client, done) => client.openssh_forwardOutStreamLocal(target.socket, done));
    }
    const { port } = target;
    // Some servers listen on the one loopback address only, and some on the other.
    const to = (address: string) => this.#forwarded(`port ${port}`, (client, done) => client.forwardOut(address, 0, address, port, done));
    return to("127.0.0.1").catch((error: unknown) => {
      if (codeOf(error) === "connection_refused") return to("::1");
      throw error;
    });
  }

  #forwarded(where: string, begin: (client: Client, done: ClientCallback) => void): Promise<Duplex> {
    return this.#connection
      .request(where, begin, (channel) => forwardedStream(channel, this.#connection), "refuse")
      .catch((error: unknown) => {
        throw asProvisioning(error, "connection_refused", `nothing answers at ${where}`);
      });
  }

  async writeFile(path: string, content: Uint8Array, mode: number): Promise<void> {
    const file = await this.#files.write(path, { mode });
    file.end(content);
    await finished(file);
  }

  async readFile(path: string, maximum: number): Promise<Buffer> {
    const stream = await this.#files.read(path);
    let bytes = 0;
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maximum) stream.destroy(new ProvisioningError("output_too_large", `${path} has more than ${maximum} bytes`));
    });
    return collect(stream);
  }

  files(): FileAccess {
    return this.#files;
  }

  close(): void {
    this.#connection.close();
  }

  async #execute<T>(command: string | null, { variables = {}, terminal }: OpenOptions, adopt: (channel: ClientChannel) => T): Promise<T> {
    const env = { ...variables };
    const names = Object.keys(env);
    const bytes = names.reduce((sum, name) => sum + name.length + Buffer.byteLength(env[name] ?? ""), Buffer.byteLength(command ?? ""));
    if (bytes > LONGEST_COMMAND || names.length > MOST_VARIABLES)
      throw new ProvisioningError("unfit_arguments", `a command with its variables has ${bytes} bytes; at most ${LONGEST_COMMAND} fit`);
    const pty = terminal === undefined ? undefined : { cols: terminal.columns, rows: terminal.rows, term: terminal.type };
    try {
      const start = (client: Client, done: ClientCallback) => {
        if (command !== null) client.exec(`${OWN}${command}`, { env, ...(pty === undefined ? {} : { pty }) }, done);
        else client.shell(pty ?? false, { env }, done);
      };
      return await this.#connection.request("a command", start, adopt);
    } catch (error) {
      throw asProvisioning(error, "launch_failed", "the sandbox could not start the command");
    }
  }

  #session(): Promise<SftpSession> {
    this.#sftp ??= this.#openSession().catch((error: unknown) => {
      this.#sftp = undefined;
      throw error;
    });
    return this.#sftp.then((session) => {
      if (!session.ended) return session;
      this.#sftp = undefined;
      return this.#session();
    });
  }

  async #openSession(): Promise<SftpSession> {
    const adopt = (channel: ClientChannel) => {
      channel.stderr.resume();
      return new SftpSession(new ChannelStream(channel, this.#connection.transport), this.#connection);
    };
    const session = await this.#connection
      .request("SFTP", (client, done) => client.subsys("sftp", done), adopt)
      .catch((error: unknown) => {
        throw asProvisioning(error, "file_failed", "the sandbox does not give access to its files");
      });
    await session.start();
    return session;
  }
}

function forwardedStream(channel: ClientChannel, connection: SshConnection): Duplex {
  const stream = new ChannelStream(channel, connection.transport);
  // without our end as well the server keeps the channel for ever
  channel.once("end", () => stream.end());
  const forget = connection.onLost(() => stream.destroy(connection.lost()));
  channel.once("close", () => {
    forget();
    // what was received and not read yet is still the reader's
    if (stream.readableEnded) stream.destroy();
    else stream.once("end", () => stream.destroy());
  });
  return stream;
}

/** Only the server's refusals arrive as errors of ssh2; all else is coded already. */
function asProvisioning(error: unknown, code: "connection_refused" | "launch_failed" | "file_failed", message: string): ProvisioningError {
  return error instanceof ProvisioningError ? error : new ProvisioningError(code, message, { cause: error });
}
