import { Duplex, PassThrough, type Readable, Writable } from "node:stream";
import {
  type Channel,
  type ChannelProcess,
  type FileAccess,
  type FileEntry,
  ProvisioningError,
  type RunOptions,
  type RunResult,
} from "#provisioning";

/** What a simulated sandbox holds: files by absolute path, and the programs that answer commands. */
export interface SimulatedInside {
  readonly files: Map<string, { content: Buffer; mode: number; modified: number }>;
  /** Answers a command; undefined: it ends with 0 and says nothing. */
  readonly program: (command: string, input: Buffer) => Partial<RunResult> | undefined;
}

/** A channel into a simulated sandbox: the same promises as the real one, no bytes on a wire. */
export class MemoryChannel implements Channel {
  readonly closed: Promise<void>;
  #end: () => void = () => {};
  /** What ends each process that runs. Not kept by `closed`: a promise holds whoever waits for it as long as it stands. */
  readonly #running = new Set<() => void>();
  #open = true;
  readonly #inside: SimulatedInside;

  constructor(inside: SimulatedInside) {
    this.#inside = inside;
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  async run(command: string, options: RunOptions = {}): Promise<RunResult> {
    this.#mustBeOpen();
    options.signal?.throwIfAborted();
    const answer = this.#inside.program(command, Buffer.from(options.input ?? ""));
    const result = { exit: answer?.exit ?? 0, stdout: answer?.stdout ?? "", stderr: answer?.stderr ?? "" };
    if (result.stdout.length > (options.maximumOutput ?? 2 ** 20))
      throw new ProvisioningError("output_too_large", "the command said more than is accepted");
    return result;
  }

  /** A simulated terminal or command says what its program answers; a terminal then echoes until it is closed. */
  async open(command: string | null, options: { readonly terminal?: object } = {}): Promise<ChannelProcess> {
    this.#mustBeOpen();
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    let exit: (code: number) => void = () => {};
    const lost = () => exit(255);
    this.#running.add(lost);
    const exited = new Promise<{ exit: number }>((resolve) => {
      exit = (code) => {
        this.#running.delete(lost);
        stdout.end();
        stderr.end();
        resolve({ exit: code });
      };
    });
    const answer = command === null ? undefined : this.#inside.program(command, Buffer.alloc(0));
    const interactive = command === null || options.terminal !== undefined;
    const stdin = new Writable({
      write(chunk, _encoding, done) {
        if (interactive) stdout.write(chunk, () => done());
        else done();
      },
      final(done) {
        exit(answer?.exit ?? 0);
        done();
      },
    });
    if (answer?.stdout !== undefined) stdout.write(answer.stdout);
    if (answer?.stderr !== undefined) stderr.write(answer.stderr);
    if (!interactive) exit(answer?.exit ?? 0);
    return { stdin, stdout, stderr, exited, resize() {}, signal: () => exit(143), close: () => exit(0) };
  }

  async forward(): Promise<Duplex> {
    this.#mustBeOpen();
    const echo = new PassThrough();
    return Duplex.from({ readable: echo, writable: echo });
  }

  async writeFile(path: string, content: Uint8Array, mode: number): Promise<void> {
    this.#mustBeOpen();
    this.#inside.files.set(path, { content: Buffer.from(content), mode, modified: 0 });
  }

  async readFile(path: string, maximum: number): Promise<Buffer> {
    this.#mustBeOpen();
    const { content } = this.#file(path);
    if (content.length > maximum)
      throw new ProvisioningError("output_too_large", `${path} has ${content.length} bytes; at most ${maximum} are read`);
    return content;
  }

  files(): FileAccess {
    return {
      stat: async (path) => this.#entry(path),
      list: async (path) => {
        const prefix = `${path.replace(/\/$/, "")}/`;
        return [...this.#inside.files.keys()]
          .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes("/"))
          .map((name) => this.#entry(name));
      },
      read: async (path): Promise<Readable> => {
        const stream = new PassThrough();
        stream.end(this.#file(path).content);
        return stream;
      },
      write: async (path, { mode, modified = 0, exclusive = false }) => {
        const parts: Buffer[] = [];
        const files = this.#inside.files;
        if (exclusive && files.has(path)) throw new ProvisioningError("file_exists", `${path} is there already`);
        return new Writable({
          write(chunk, _encoding, done) {
            parts.push(Buffer.from(chunk));
            done();
          },
          final(done) {
            files.set(path, { content: Buffer.concat(parts), mode, modified });
            done();
          },
        });
      },
    };
  }

  close(): void {
    this.#open = false;
    for (const lost of this.#running) lost();
    this.#end();
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new ProvisioningError("channel_lost", "the channel is closed");
  }

  #file(path: string): { content: Buffer; mode: number; modified: number } {
    const file = this.#inside.files.get(path);
    if (file === undefined) throw new ProvisioningError("file_not_found", `there is no ${path}`);
    return file;
  }

  #entry(path: string): FileEntry {
    const { content, mode, modified } = this.#file(path);
    return { name: path.slice(path.lastIndexOf("/") + 1), kind: "file", bytes: content.length, mode, modified };
  }
}
