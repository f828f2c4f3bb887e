import type { FileStat, UploadView } from "@guise/contract";
import { AgentError } from "./agent-error.ts";
import { sendPieces, type UploadOptions } from "./send-pieces.ts";
import type { Transport } from "./transport.ts";

export interface WriteOptions {
  readonly signal?: AbortSignal;
  /** Permission bits of a file that is new. */
  readonly mode?: number;
  /** The file's time, in whole seconds; now when it is absent. */
  readonly modified?: Date;
  /** Replaces nothing: rejects with `file_exists` where something has the name. */
  readonly exclusive?: boolean;
}

const REPLACE_NOTHING = { "if-none-match": "*" };

/** Files of a workspace, streamed. Paths are absolute, or lie under the home when they begin with `~/` or with no slash. */
export class WorkspaceFiles {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, workspace_id: string) {
    this.#transport = transport;
    this.#path = `/workspaces/${encodeURIComponent(workspace_id)}/files`;
  }

  /** Throws AgentError `file_not_found`. */
  stat(path: string, signal?: AbortSignal): Promise<FileStat> {
    return this.#transport.json<FileStat>("GET", `${this.#path}/stat`, { query: { path }, repeatable: true, signal });
  }

  /** SHA-256 of a file as it is inside, hexadecimal. Throws AgentError `file_not_found`. */
  async digest(path: string, signal?: AbortSignal): Promise<string> {
    const call = { query: { path }, repeatable: true, signal };
    return (await this.#transport.json<{ sha256: string }>("GET", `${this.#path}/digest`, call)).sha256;
  }

  /** What is in a folder. Throws AgentError `file_not_found`. */
  async list(path: string, signal?: AbortSignal): Promise<NonNullable<FileStat["entries"]>> {
    const found = await this.#transport.json<FileStat>("GET", `${this.#path}/stat`, {
      query: { path, list: "true" },
      repeatable: true,
      signal,
    });
    return found.entries ?? [];
  }

  /** Where a page of Guise's own portal finds a file, or a folder as tar, to download it as a browser does. */
  address(path: string, as: "file" | "tar" = "file"): string {
    const query = new URLSearchParams({ path, ...(as === "tar" ? { as } : {}) });
    return `/v1${this.#path}?${query}`;
  }

  /** The same for some of what is in a folder, as one zip. */
  zipAddress(folder: string, names: readonly string[]): string {
    const query = new URLSearchParams([["path", folder], ...names.map((name): [string, string] => ["name", name])]);
    return `/v1${this.#path}/zip?${query}`;
  }

  /** The bytes of one file. */
  read(path: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return this.#read({ path }, signal);
  }

  /** A folder and all below it, as a tar archive whose paths are relative to it; what is left out its last entry tells. Never extract it unchecked: its content is a stranger's. */
  readFolder(path: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return this.#read({ path, as: "tar" }, signal);
  }

  /** Makes the file, with these permission bits, or replaces it, which keeps its own. A stream is sent as it comes; in browsers give a Blob. */
  async write(path: string, content: ReadableStream<Uint8Array> | Uint8Array | Blob, options: WriteOptions = {}): Promise<void> {
    const { mode, modified, exclusive, signal } = options;
    const query = {
      path,
      ...(mode === undefined ? {} : { mode: (mode & 0o777).toString(8).padStart(3, "0") }),
      ...(modified === undefined ? {} : { modified: modified.toISOString() }),
    };
    await this.#write(query, content, exclusive === true ? REPLACE_NOTHING : {}, signal);
  }

  /**
   * As `write`, for what is large: in pieces, each with its checksum. Lost connections and restarts of Guise are waited out, and nothing that was
   * confirmed is sent twice. With `upload_id` it goes on with what was begun before, by whomever.
   */
  upload(path: string, content: Blob, options: UploadOptions = {}): Promise<void> {
    return sendPieces(this.#transport, this.#uploads, path, content, options);
  }

  /** Files that are being written in pieces and are not whole yet, the last that moved first. */
  async uploads(signal?: AbortSignal): Promise<readonly UploadView[]> {
    return (await this.#transport.json<{ items: UploadView[] }>("GET", this.#uploads, { repeatable: true, signal })).items;
  }

  /** Calls an upload off, and removes what came of it. Throws AgentError `not_found`. */
  async dropUpload(upload_id: string): Promise<void> {
    await this.#transport.json("DELETE", `${this.#uploads}/${encodeURIComponent(upload_id)}`);
  }

  /** Unpacks a tar archive below the folder, inside the workspace; the folder is made when it is missing. All of it comes, or nothing. */
  async writeFolder(path: string, archive: ReadableStream<Uint8Array> | Blob, signal?: AbortSignal): Promise<void> {
    await this.#write({ path, as: "tar" }, archive, {}, signal);
  }

  /** Makes a folder, and those above it. Throws AgentError `file_exists`. */
  async makeFolder(path: string): Promise<void> {
    await this.#transport.json("POST", this.#path.replace(/files$/, "folders"), { body: { path } });
  }

  /** Gives a file or folder another name or place; replaces nothing. Throws AgentError `file_exists`, `file_not_found`. */
  async move(from: string, to: string): Promise<void> {
    await this.#transport.json("POST", `${this.#path}/move`, { body: { from, to } });
  }

  /** Removes a file, or a folder with all that is in it. Throws AgentError `file_not_found`. */
  async remove(path: string): Promise<void> {
    await this.#transport.json("DELETE", this.#path, { query: { path } });
  }

  get #uploads(): string {
    return this.#path.replace(/files$/, "uploads");
  }

  async #read(query: Record<string, string>, signal: AbortSignal | undefined): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.#transport.open("GET", this.#path, { query, repeatable: true, signal });
    if (answer.body === null) throw new AgentError("internal", "Guise sent no content.");
    return answer.body;
  }

  async #write(
    query: Record<string, string>,
    content: ReadableStream<Uint8Array> | Uint8Array | Blob,
    condition: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const headers = { ...condition, "content-type": query.as === "tar" ? "application/x-tar" : "application/octet-stream" };
    await this.#transport.json("PUT", this.#path, { query, content, headers, signal });
  }
}
