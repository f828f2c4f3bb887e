import type { Duplex, Readable, Writable } from "node:stream";

/** The multiplexed connection into a main container. Everything that comes out of it is hostile: bounded here, checked outside. */
export interface Channel {
  /**
   * Runs shell text of Guise's own to its end: by /bin/sh, without the workspace's variables, with the system's programs alone (no others lie
   * on its PATH). For whatever a persona's variables could make of it. Rejects with `output_too_large` beyond `maximumOutput` (1 MiB unless told), `channel_lost` when the
   * connection ends first.
   */
  run(command: string, options?: RunOptions): Promise<RunResult>;
  /** Opens a running command of Guise's own, as `run` does (or the person's login shell, with null), with its streams. */
  open(command: string | null, options?: OpenOptions): Promise<ChannelProcess>;
  /** Connects to a loopback TCP port or a unix socket inside. */
  forward(target: { readonly port: number } | { readonly socket: string }): Promise<Duplex>;
  /** Writes beside the target, then renames: nobody reads half a file. Folders above are made. Does not follow a link at the target. */
  writeFile(path: string, content: Uint8Array, mode: number): Promise<void>;
  /** Rejects with `file_not_found`, or `output_too_large` beyond `maximum` bytes. */
  readFile(path: string, maximum: number): Promise<Buffer>;
  files(): FileAccess;
  /** Settles when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface RunOptions {
  readonly input?: Uint8Array | string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly maximumOutput?: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface OpenOptions {
  readonly terminal?: TerminalSize & { readonly type: string };
  readonly variables?: Readonly<Record<string, string>>;
}

export interface ChannelProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Empty with a terminal. */
  readonly stderr: Readable;
  resize(size: TerminalSize): void;
  /** Name without SIG: "TERM". */
  signal(name: string): void;
  readonly exited: Promise<{ readonly exit: number; readonly signal?: string }>;
  close(): void;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly bytes: number;
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** What a file is written with. */
export interface WriteOptions {
  readonly mode: number;
  /** Milliseconds since the epoch; now where it is absent. */
  readonly modified?: number | undefined;
  /** Rejects with `file_exists` where something has the name already, also when it came meanwhile. */
  readonly exclusive?: boolean | undefined;
}

/** A file system as its statvfs says. */
export interface Room {
  readonly bytes: number;
  readonly availableBytes: number;
  /** Files that it can hold, and how many more; both 0 where it does not count them. */
  readonly files: number;
  readonly availableFiles: number;
}

/** Plain file access for people's files, as the workspace's own uid. Rejects with `file_not_found` or `file_failed`. */
export interface FileAccess {
  stat(path: string): Promise<FileEntry>;
  list(path: string): Promise<readonly FileEntry[]>;
  read(path: string): Promise<Readable>;
  /** Resolves the stream's finish when the file is complete under its name. A file system that is full is told as `storage_full`. */
  write(path: string, options: WriteOptions): Promise<Writable>;
}
