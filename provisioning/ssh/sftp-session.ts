import type { Duplex } from "node:stream";
import { plainText } from "@guise/contract";
import { ProvisioningError } from "../errors.ts";
import { encode, MalformedReply, REPLY, REQUEST, ReplyReader, STATUS } from "./sftp-packets.ts";

/** OpenSSH's own bound. */
const MOST_PACKET = 256 * 1024;
const HEADER = 4;

export interface Reply {
  readonly kind: number;
  readonly fields: ReplyReader;
}

interface Waiting {
  readonly path: string;
  resolve(reply: Reply): void;
  reject(error: unknown): void;
}

/** What the session needs of its connection. */
export interface Peer {
  /** Ends the connection: the server broke a rule. */
  breach(rule: string): void;
  /** Why nothing more can be asked. */
  lost(): ProvisioningError;
  /** Bounds the wait for an answer; ends the connection when none comes. */
  within<T>(what: string, answer: Promise<T>): Promise<T>;
}

/**
 * Requests and replies of one SFTP subsystem. Our own and not ssh2's, which takes the server's word for counts, lengths and
 * limits (four billion rounds for one attribute count). Here an unasked, malformed or oversized reply ends the connection.
 */
export class SftpSession {
  readonly #stream: Duplex;
  readonly #peer: Peer;
  readonly #waiting = new Map<number, Waiting>();
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes until the next step: a header, or a whole packet whose header was read. */
  #needed = HEADER;
  #next = 0;
  #ended = false;

  constructor(stream: Duplex, peer: Peer) {
    this.#stream = stream;
    this.#peer = peer;
    stream.on("data", (data: Buffer) => this.#receive(data));
    stream.on("error", () => this.#end());
    stream.on("end", () => this.#end());
    stream.on("close", () => this.#end());
  }

  get ended(): boolean {
    return this.#ended;
  }

  async start(): Promise<void> {
    const answer = new Promise<Reply>((resolve, reject) => this.#waiting.set(-1, { path: "", resolve, reject }));
    this.#send(REQUEST.init, encode(3));
    await this.#peer.within("SFTP", answer);
  }

  /** Sends one request. Rejects `file_not_found` or `file_failed` when the answer is a status that says so; `path` is for that message. */
  request(path: string, kind: number, ...fields: readonly (number | bigint | string | Uint8Array)[]): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#peer.lost());
    this.#next = (this.#next + 1) >>> 0;
    const id = this.#next;
    const answer = new Promise<Reply>((resolve, reject) => this.#waiting.set(id, { path, resolve, reject }));
    this.#send(kind, encode(id, ...fields));
    return this.#peer.within(path, answer);
  }

  /** A request whose answer carries a file handle. */
  async handle(path: string, kind: number, ...fields: readonly (number | bigint | string | Uint8Array)[]): Promise<Buffer> {
    return this.expect(await this.request(path, kind, ...fields), REPLY.handle, (reader) => Buffer.from(reader.bytes()));
  }

  /** Reads a reply that must be of this kind; anything else ends the connection. */
  expect<T>(reply: Reply, kind: number, read: (fields: ReplyReader) => T): T {
    try {
      if (reply.kind !== kind) throw new MalformedReply(`reply ${reply.kind} where ${kind} belongs`);
      return read(reply.fields);
    } catch (error) {
      if (!(error instanceof MalformedReply)) throw error;
      return this.violate(error.message);
    }
  }

  violate(rule: string): never {
    this.#peer.breach(`SFTP: ${rule}`);
    throw this.#peer.lost();
  }

  close(): void {
    this.#stream.destroy();
    this.#end();
  }

  #send(kind: number, body: Buffer): void {
    const header = Buffer.alloc(HEADER + 1);
    header.writeUInt32BE(body.length + 1);
    header[HEADER] = kind;
    this.#stream.write(Buffer.concat([header, body]));
  }

  #receive(data: Buffer): void {
    this.#chunks.push(data);
    this.#buffered += data.length;
    // joined only when what is needed is there: single bytes do not make it copy the packet again and again
    while (this.#buffered >= this.#needed && !this.#ended) {
      const all = Buffer.concat(this.#chunks);
      const length = all.readUInt32BE();
      if (length < 1 || length > MOST_PACKET) {
        this.#breach(`a packet of ${length} bytes`);
        return;
      }
      const end = HEADER + length;
      const whole = all.length >= end;
      this.#needed = whole ? HEADER : end;
      this.#chunks = [whole ? all.subarray(end) : all];
      this.#buffered = whole ? all.length - end : all.length;
      if (whole) this.#answer(all.subarray(HEADER, end));
    }
  }

  #answer(packet: Buffer): void {
    try {
      const kind = packet[0] ?? 0;
      const fields = new ReplyReader(packet.subarray(1));
      const id = kind === REPLY.version ? -1 : fields.number();
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) throw new MalformedReply("a reply to nothing that was asked");
      this.#waiting.delete(id);
      const failure = kind === REPLY.status ? failureOf(waiting.path, fields) : undefined;
      if (failure === undefined) waiting.resolve({ kind, fields });
      else waiting.reject(failure);
    } catch (error) {
      if (!(error instanceof MalformedReply)) throw error;
      this.#breach(error.message);
    }
  }

  #breach(rule: string): void {
    this.#peer.breach(`SFTP: ${rule}`);
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#chunks = [];
    for (const waiting of this.#waiting.values()) waiting.reject(this.#peer.lost());
    this.#waiting.clear();
  }
}

/** The end of a file or folder is told as a failed request; `isEnd` tells it apart. */
class EndOfFile extends ProvisioningError {}

export function isEnd(error: unknown): boolean {
  return error instanceof EndOfFile;
}

function failureOf(path: string, fields: ReplyReader): ProvisioningError | undefined {
  const code = fields.number();
  if (code === STATUS.ok) return undefined;
  if (code === STATUS.endOfFile) return new EndOfFile("file_failed", `${path}: end of file`);
  if (code === STATUS.noSuchFile) return new ProvisioningError("file_not_found", `there is no ${plainText(path)}`);
  const said = plainText(fields.text(), 200);
  return new ProvisioningError("file_failed", `${plainText(path)}: ${said === "" ? `status ${code}` : said}`);
}
