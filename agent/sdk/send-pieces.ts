import { PIECE_TYPE, UPLOAD_HEADERS, type UploadView } from "@guise/contract";
import { AgentError, type AgentErrorCode, aborted, hasCode } from "./agent-error.ts";
import { backOff } from "./back-off.ts";
import type { Transport } from "./transport.ts";

export interface UploadOptions {
  readonly signal?: AbortSignal;
  /** Permission bits of a file that is new. */
  readonly mode?: number;
  /** The file's time, in whole seconds. */
  readonly modified?: Date;
  /** Replaces nothing: rejects with `file_exists` where something has the name. */
  readonly exclusive?: boolean;
  /** Goes on with this one, which was begun before for the same content. */
  readonly upload_id?: string;
  /** Told as soon as it is known: who keeps it can go on with it later. */
  readonly begun?: (upload_id: string) => void;
  /** Bytes that are confirmed. */
  readonly progress?: (confirmed: number) => void;
  /** Told of each piece before it is sent, for who can watch it on its way. */
  readonly sending?: (piece: Blob, offset: number) => void;
  /** Told when the connection is lost, and when a piece was confirmed again. */
  readonly waiting?: (since: AgentError | undefined) => void;
  /** Ms for which a lost connection is looked for again; as long as it takes unless told. */
  readonly patience?: number;
}

/** Bytes of a piece: what is sent twice at most after a break. */
export const PIECE = 8 * 2 ** 20;
/** What proxies let through that were told nothing of it. */
const LEAST_PIECE = 768 * 1024;
/** Ms between attempts at most: a restart of Guise is noticed within that. */
const LONGEST_PAUSE = 2000;
/** A piece that arrives wrong again and again does not arrive. */
const MOST_WRONG = 5;
const PASSING: ReadonlySet<AgentErrorCode> = new Set(["unreachable", "unavailable", "engine_unreachable", "too_many_requests", "too_slow"]);

/** Sends a content in pieces from where it stands, again and again over lost connections and restarts of Guise, until the file has its name. */
export async function sendPieces(
  transport: Transport,
  uploads: string,
  path: string,
  content: Blob,
  options: UploadOptions,
): Promise<void> {
  const sender = new PieceSender(transport, uploads, content, options);
  await sender.begin(path);
  await sender.toTheEnd(path);
}

class PieceSender {
  readonly #transport: Transport;
  readonly #uploads: string;
  readonly #content: Blob;
  readonly #options: UploadOptions;
  #address = "";
  #offset = 0;
  #piece = PIECE;
  #wrong = 0;
  /** Attempts since the last confirmed piece, and when the first of them was lost. */
  #lost = 0;
  #lostSince = 0;

  constructor(transport: Transport, uploads: string, content: Blob, options: UploadOptions) {
    this.#transport = transport;
    this.#uploads = uploads;
    this.#content = content;
    this.#options = options;
  }

  async begin(path: string): Promise<void> {
    const { upload_id, begun, mode, modified, exclusive, signal, progress } = this.#options;
    const known = upload_id === undefined ? undefined : await this.#patient(() => this.#stand(upload_id));
    const body = {
      ...{ path, bytes: this.#content.size },
      ...(mode === undefined ? {} : { mode: (mode & 0o777).toString(8).padStart(3, "0") }),
      ...(modified === undefined ? {} : { modified: modified.toISOString() }),
    };
    const headers: Record<string, string> = exclusive === true ? { "if-none-match": "*" } : {};
    const fresh = () => this.#transport.json<UploadView>("POST", this.#uploads, { body, headers, signal });
    const stand = known !== undefined && known.bytes === this.#content.size ? known : await this.#patient(fresh);
    this.#address = `${this.#uploads}/${encodeURIComponent(stand.upload_id)}`;
    this.#offset = stand.offset;
    begun?.(stand.upload_id);
    progress?.(this.#offset);
  }

  async toTheEnd(path: string): Promise<void> {
    while (!(await this.#patient(() => this.#next(path))));
    // It is whole; what is known of it goes in a week where nobody hears this.
    await this.#transport.json("DELETE", this.#address).catch(() => {});
  }

  /** One piece; true with the last one. */
  async #next(path: string): Promise<boolean> {
    const { signal, exclusive, sending, progress } = this.#options;
    const end = Math.min(this.#offset + this.#piece, this.#content.size);
    const isLast = end === this.#content.size;
    // What is sent is what the digest is of, also where the file changes meanwhile.
    const bytes = await bytesOf(this.#content.slice(this.#offset, end));
    const piece = new Blob([bytes]);
    sending?.(piece, this.#offset);
    const headers = {
      "content-type": PIECE_TYPE,
      [UPLOAD_HEADERS.offset]: String(this.#offset),
      [UPLOAD_HEADERS.complete]: isLast ? "?1" : "?0",
      [UPLOAD_HEADERS.digest]: `sha-256=:${base64(await crypto.subtle.digest("SHA-256", bytes))}:`,
      ...(exclusive === true ? { "if-none-match": "*" } : {}),
    };
    await this.#transport.json("PATCH", this.#address, { query: { path: isLast ? path : undefined }, content: piece, headers, signal });
    this.#offset = end;
    this.#wrong = 0;
    progress?.(end);
    return isLast;
  }

  /** Repeats an act over what passes; before each repetition it is asked where the upload stands. */
  async #patient<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        if (this.#lost > 0 && this.#address !== "" && (await this.#isOver())) return true as T;
        const done = await act();
        if (this.#lost > 0) this.#options.waiting?.(undefined);
        this.#lost = 0;
        return done;
      } catch (error) {
        await this.#afterFailure(error);
      }
    }
  }

  /** Asks where it stands; true when it is complete already: only the answer was lost. */
  async #isOver(): Promise<boolean> {
    const stand = await this.#transport.json<UploadView>("GET", this.#address, { signal: this.#options.signal });
    this.#offset = stand.offset;
    this.#options.progress?.(stand.offset);
    return stand.complete;
  }

  async #afterFailure(error: unknown): Promise<void> {
    const { signal, waiting, patience = Number.POSITIVE_INFINITY } = this.#options;
    if (signal?.aborted === true || !(error instanceof AgentError)) throw error;
    const { timing } = this.#transport.parts;
    if (error.code === "digest_differs" || error.code === "offset_differs") {
      if (this.#address === "" || ++this.#wrong > MOST_WRONG) throw error;
      this.#lost++;
      return;
    }
    if (error.code === "payload_too_large" && this.#piece > LEAST_PIECE) {
      this.#piece = LEAST_PIECE;
      return;
    }
    if (!isPassing(error)) throw error;
    if (this.#lost++ === 0) this.#lostSince = timing.now();
    if (timing.now() - this.#lostSince > patience) throw error;
    waiting?.(error);
    await timing.wait(error.retry_after ?? backOff(this.#lost, timing.random, 100, LONGEST_PAUSE), signal);
    this.#throwIfStopped(error);
  }

  #throwIfStopped(cause: AgentError): void {
    if (this.#options.signal?.aborted === true) throw aborted(cause);
  }

  /** Undefined: it is begun anew. */
  async #stand(upload: string): Promise<UploadView | undefined> {
    const { signal } = this.#options;
    const stand = await this.#transport
      .json<UploadView>("GET", `${this.#uploads}/${encodeURIComponent(upload)}`, { signal })
      .catch((error: unknown) => {
        if (hasCode(error, "not_found")) return undefined;
        throw error;
      });
    return stand?.complete === true ? undefined : stand;
  }
}

/** A workspace whose channel was lost is still there; one that was paused is not until its person resumes it. */
function isPassing({ code, facts }: AgentError): boolean {
  return PASSING.has(code) || (code === "workspace_not_ready" && (facts.state === undefined || facts.state === "provisioning"));
}

async function bytesOf(piece: Blob): Promise<ArrayBuffer> {
  try {
    return await piece.arrayBuffer();
  } catch (error) {
    throw new AgentError("file_failed", "The file could not be read on this machine: it was changed or moved since it was chosen.", {
      remedy: "Choose it again.",
      cause: error,
    });
  }
}

function base64(digest: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
