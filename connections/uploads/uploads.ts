import { posix } from "node:path";
import { plainText } from "@guise/contract";
import { ProvisioningError, shellWords } from "#provisioning";
import type { OpenChannel } from "../shared-channels.ts";
import { shellPath } from "../shell-path.ts";
import { appendPiece, type Piece } from "./append-piece.ts";
import { failureOf, goneUpload } from "./told-failure.ts";
import { UploadError } from "./upload-error.ts";
import { lineOf, partOf, RECORDS, standOf, type UploadRecord, type UploadStand } from "./upload-record.ts";
import { KEPT_DAYS, MOST_TOLD, uploadScript } from "./upload-scripts.ts";

const NEW_FILE_MODE = 0o644;
/** Ms after its last confirmed piece for which an upload is kept. */
export const UPLOAD_KEPT = KEPT_DAYS * 24 * 3_600_000;

export interface NewUpload extends Pick<UploadRecord, "path" | "bytes" | "mode" | "modified"> {
  readonly id: string;
  /** Rejects `file_exists` where something has the name. */
  readonly exclusive: boolean;
}

export interface UploadName {
  /** In the same folder; the one it began with where it is absent. */
  readonly path?: string | undefined;
  readonly exclusive: boolean;
}

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<unknown>;
}

/**
 * Files that come in pieces, each confirmed when it is found right and on the disk inside. All that is known of one lies in the home itself, beside
 * which a restart of Guise, another browser and a pause change nothing: a record, and the part, hidden beside where the file will be.
 */
export class Uploads {
  /** Pieces that are taken in right now. */
  readonly #running = new Map<string, Running>();

  /** Rejects `file_exists`, `storage_full` also where it would not fit, `file_failed`. */
  async begin(openChannel: OpenChannel, { id, exclusive, ...record }: NewUpload): Promise<UploadStand> {
    checkName(record.path);
    const fresh: UploadRecord = { ...record, offset: 0 };
    await this.#run(openChannel, "begin", fresh, {
      ...variablesOf(id, fresh),
      bytes: String(record.bytes),
      exclusive: exclusive ? "1" : "''",
    });
    return this.stand(openChannel, id);
  }

  /** Where it stands. Rejects `not_found`. */
  async stand(openChannel: OpenChannel, id: string): Promise<UploadStand> {
    const { stdout } = await this.#run(openChannel, "stand", undefined, { f: recordFile(id) });
    const stand = standOf(id, stdout);
    if (stand === undefined) throw goneUpload();
    return stand;
  }

  /** The same, after a piece that is still on its way was called off: what its sender does not know of, it asks for. */
  async standStill(openChannel: OpenChannel, key: string, id: string): Promise<UploadStand> {
    await this.#callOff(key);
    return this.stand(openChannel, id);
  }

  /** Those that are not complete, the last that moved first. */
  async list(openChannel: OpenChannel): Promise<readonly UploadStand[]> {
    const { stdout } = await this.#run(openChannel, "list", undefined, {});
    return stdout.split("\0").flatMap((told) => {
      const end = told.indexOf("\n");
      const stand = end > 0 ? standOf(told.slice(0, end), told.slice(end + 1)) : undefined;
      return stand === undefined || stand.complete ? [] : [stand];
    });
  }

  /**
   * Resolves with the new offset when the piece is on the disk inside. A piece of before that still hangs on a lost connection is called off.
   * Rejects `not_found`, `offset_differs`, `digest_differs`, `storage_full`, `file_failed`.
   */
  async append(openChannel: OpenChannel, key: string, id: string, offset: number, piece: Piece): Promise<number> {
    return this.#alone(key, async (signal) => {
      const stand = await this.stand(openChannel, id);
      const next = offset + piece.length;
      if (stand.offset !== offset)
        throw new UploadError("offset_differs", `${stand.offset} bytes are confirmed, and the piece begins at ${offset}`);
      if (next > stand.bytes)
        throw new UploadError("offset_differs", `the piece ends at ${next}, and the file was announced with ${stand.bytes} bytes`);
      if (piece.length === 0) return offset;
      const record = recordOf({ ...stand, offset: next });
      const script = uploadScript("append", { ...variablesOf(id, record), length: String(piece.length), offset: String(offset) });
      const lease = await openChannel();
      try {
        const ended = await appendPiece(lease, script, piece, lineOf(record), signal);
        if (ended.exit !== 0) throw failureOf(stand.path, stand.bytes, ended);
        return next;
      } finally {
        lease.release();
      }
    });
  }

  /** Gives the whole file its name. Safe to repeat. Rejects `not_found`, `offset_differs` when it is not whole, `file_exists`, `file_failed`. */
  async complete(openChannel: OpenChannel, key: string, id: string, { path, exclusive }: UploadName): Promise<void> {
    return this.#alone(key, async () => {
      const stand = await this.stand(openChannel, id);
      if (stand.complete) return;
      if (stand.offset !== stand.bytes)
        throw new UploadError("offset_differs", `${stand.offset} of ${stand.bytes} bytes are confirmed; the file is not whole yet`);
      const record = recordOf({ ...stand, ...(path === undefined ? {} : { path }), naming: true });
      checkName(record.path);
      const part = partOf(id, stand.path);
      if (posix.dirname(partOf(id, record.path)) !== posix.dirname(part))
        throw new ProvisioningError("file_failed", `${plainText(record.path)} is in another folder than the upload began in`);
      await this.#run(openChannel, "complete", record, {
        ...variablesOf(id, record),
        bytes: String(stand.bytes),
        exclusive: exclusive ? "1" : "''",
        mode: (record.mode ?? NEW_FILE_MODE).toString(8),
        time: record.modified === undefined ? "''" : String(Math.floor(record.modified / 1000)),
      });
    });
  }

  /** Removes what came of it; of one that is complete only what is known of it. Rejects `not_found`. */
  async remove(openChannel: OpenChannel, key: string, id: string): Promise<void> {
    await this.#alone(key, () => this.#run(openChannel, "remove", undefined, { f: recordFile(id) }));
  }

  async #run(
    openChannel: OpenChannel,
    name: Parameters<typeof uploadScript>[0],
    record: UploadRecord | undefined,
    variables: Readonly<Record<string, string>>,
  ) {
    const lease = await openChannel();
    try {
      const ended = await lease.channel.run(uploadScript(name, variables), { maximumOutput: MOST_TOLD });
      if (ended.exit !== 0) throw failureOf(record?.path ?? "the file", record?.bytes ?? 0, ended);
      return ended;
    } finally {
      lease.release();
    }
  }

  /** One act at a time for each upload; the later one calls the one of before off. */
  async #alone<T>(key: string, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const former = this.#callOff(key);
    const acting = former.then(() => act(stop.signal));
    const running = { stop, ended: acting.catch(() => {}) };
    this.#running.set(key, running);
    try {
      return await acting;
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key);
    }
  }

  async #callOff(key: string): Promise<void> {
    const running = this.#running.get(key);
    running?.stop.abort(new UploadError("offset_differs", "the piece was called off by a later request for the same upload"));
    await running?.ended;
  }
}

function recordOf({ path, bytes, offset, mode, modified, naming }: UploadStand): UploadRecord {
  return {
    path,
    bytes,
    offset,
    ...(mode === undefined ? {} : { mode }),
    ...(modified === undefined ? {} : { modified }),
    ...(naming === undefined ? {} : { naming }),
  };
}

/** The places of an upload, as words of the shell. */
function variablesOf(id: string, record: UploadRecord): Readonly<Record<string, string>> {
  const target = shellPath(record.path);
  const words = { f: `${RECORDS}/${id}`, p: partOf(id, record.path), t: target, d: posix.dirname(target), line: lineOf(record) };
  return Object.fromEntries(Object.entries(words).map(([name, word]) => [name, shellWords([word])]));
}

function recordFile(id: string): string {
  return shellWords([`${RECORDS}/${id}`]);
}

function checkName(path: string): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (["", ".", "..", "~"].includes(name)) throw new ProvisioningError("file_failed", `${plainText(path)} is a folder`);
}
