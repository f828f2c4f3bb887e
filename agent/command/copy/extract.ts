import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { lstat, mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type PassThrough, type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Headers, extract as openExtract } from "tar-stream";
import { AgentError } from "../../sdk/index.ts";
import { safeMode, type Verdict, verdictOn } from "./entry-rules.ts";

export interface ExtractLimits {
  readonly bytes: number;
  readonly entries: number;
}

export interface ExtractOptions {
  readonly limits: ExtractLimits;
  /** Bytes of content so far. */
  readonly onBytes?: (bytes: number) => void;
}

export interface Extracted {
  readonly files: number;
  readonly bytes: number;
  /** Entries that were not made, each with its reason. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** Unpacks a stranger's archive, only below `target`. Throws AgentError `file_failed`; what came before stays. */
export async function extractBelow(archive: Readable, target: string, options: ExtractOptions): Promise<Extracted> {
  const extraction = new Extraction(target, options);
  const unpack = openExtract();
  // Listening begins before anything is awaited: the archive may break off at any moment.
  let working: Promise<unknown> = mkdir(target, { recursive: true });
  let open: PassThrough | undefined;
  let broken: AgentError | undefined;
  unpack.on("entry", (header: Headers, content: PassThrough, next: (error?: unknown) => void) => {
    open = content.on("error", () => {}); // Its reader is told.
    const entry = working.then(() => {
      if (broken !== undefined) throw broken;
      return extraction.entry(header, content);
    });
    working = entry.then(
      () => next(),
      (error) => next(error),
    );
  });
  try {
    await pipeline(archive, unpack);
    await working;
    return await extraction.finish();
  } catch (error) {
    // The package does not end the entry that the archive broke off in. What is being written is cleaned up first.
    broken = asFileFailed(error);
    open?.destroy(broken);
    await working.catch(() => {});
    throw broken;
  }
}

function asFileFailed(error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AgentError("file_failed", `The folder could not be copied: ${reason}`, { cause: error });
}

class Extraction {
  readonly #target: string;
  readonly #options: ExtractOptions;
  readonly #realFolders = new Set<string>([""]);
  readonly #links: { path: readonly string[]; to: string }[] = [];
  readonly #leftOut: { name: string; reason: string }[] = [];
  #entries = 0;
  #files = 0;
  #bytes = 0;

  constructor(target: string, options: ExtractOptions) {
    this.#target = target;
    this.#options = options;
  }

  async entry(header: Headers, content: Readable): Promise<void> {
    this.#entries += 1;
    if (this.#entries > this.#options.limits.entries) throw tooMuch(`more than ${this.#options.limits.entries} entries`);
    const verdict = verdictOn(header);
    if (verdict.kind === "refuse") throw new AgentError("file_failed", `The archive is refused at "${header.name}": ${verdict.reason}.`);
    if (verdict.kind === "file") return this.#file(verdict.path, header, content);
    content.resume();
    await this.#withoutContent(verdict, header);
  }

  async #withoutContent(verdict: Exclude<Verdict, { kind: "file" | "refuse" }>, header: Headers): Promise<void> {
    if (verdict.kind === "folder") await this.#folder(verdict.path, safeMode(header.mode, "folder"));
    else if (verdict.kind === "link") this.#links.push(verdict);
    else if (verdict.kind === "leave_out") this.#leftOut.push({ name: header.name, reason: verdict.reason });
  }

  /** Links come last: while files are written, no part of a path can be a link that the archive brought. */
  async finish(): Promise<Extracted> {
    for (const { path, to } of this.#links) {
      await this.#folder(path.slice(0, -1), 0o755);
      await this.#placed(path, (beside) => symlink(to, beside));
    }
    return { files: this.#files, bytes: this.#bytes, leftOut: this.#leftOut };
  }

  async #file(path: readonly string[], header: Headers, content: Readable): Promise<void> {
    await this.#folder(path.slice(0, -1), 0o755);
    await this.#placed(path, (beside) =>
      pipeline(content, this.#counted(), createWriteStream(beside, { flags: "wx", mode: safeMode(header.mode, "file") })),
    );
    this.#files += 1;
  }

  #counted(): Transform {
    const { limits, onBytes } = this.#options;
    return new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        this.#bytes += piece.length;
        onBytes?.(this.#bytes);
        if (this.#bytes > limits.bytes) done(tooMuch(`more than ${limits.bytes} bytes`));
        else done(null, piece);
      },
    });
  }

  /** Made beside and renamed: a rename replaces a link that lies there, instead of writing through it. */
  async #placed(path: readonly string[], make: (beside: string) => Promise<void>): Promise<void> {
    const final = join(this.#target, ...path);
    const beside = join(final, "..", `.guise-${randomUUID()}`);
    try {
      await make(beside);
      await rename(beside, final);
    } finally {
      await rm(beside, { force: true });
    }
  }

  /** Every part is a real folder, not a link to one. */
  async #folder(path: readonly string[], mode: number): Promise<void> {
    for (let depth = 1; depth <= path.length; depth++) {
      const below = path.slice(0, depth);
      const key = below.join("/");
      if (this.#realFolders.has(key)) continue;
      const place = join(this.#target, ...below);
      await mkdir(place, { mode: depth === path.length ? mode : 0o755 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
      if (!(await lstat(place)).isDirectory()) throw new AgentError("file_failed", `"${place}" is in the way: it is no folder.`);
      this.#realFolders.add(key);
    }
  }
}

function tooMuch(what: string): AgentError {
  return new AgentError("payload_too_large", `The folder has ${what}.`, { remedy: "Copy parts of it, or raise --limit" });
}
