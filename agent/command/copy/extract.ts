import { mkdir } from "node:fs/promises";
import { LEFT_OUT_RECORD, leftOutSchema, plainText } from "@guise/contract";
import { AgentError } from "../../sdk/index.ts";
import { safeMode, type Verdict, verdictOn, withoutFile } from "./entry-rules.ts";
import { type LeftOut, leftOutInside } from "./left-out.ts";
import { type ArchiveEntry, readArchive } from "./read-archive.ts";
import { Obstacle, TargetFolder } from "./target-folder.ts";

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
  /** What was not made, each with its reason. */
  readonly leftOut: readonly LeftOut[];
}

/** Unpacks a stranger's archive, only below `target`. Throws AgentError `file_failed`; what came before stays. */
export async function extractBelow(archive: AsyncIterable<Uint8Array>, target: string, options: ExtractOptions): Promise<Extracted> {
  try {
    const isNew = (await mkdir(target, { recursive: true })) !== undefined;
    const extraction = new Extraction(new TargetFolder(target, isNew), options);
    for await (const entry of readArchive(archive)) await extraction.entry(entry);
    return await extraction.finish();
  } catch (error) {
    throw asFileFailed(error);
  }
}

function asFileFailed(error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AgentError("file_failed", `The folder could not be copied: ${plainText(reason)}`, { cause: error });
}

class Extraction {
  readonly #target: TargetFolder;
  readonly #options: ExtractOptions;
  readonly #links: (Extract<Verdict, { kind: "link" }> & { readonly name: string })[] = [];
  readonly #leftOut: LeftOut[] = [];
  #entries = 0;
  #files = 0;
  #bytes = 0;

  constructor(target: TargetFolder, options: ExtractOptions) {
    this.#target = target;
    this.#options = options;
  }

  async entry(entry: ArchiveEntry): Promise<void> {
    this.#entries += 1;
    if (this.#entries > this.#options.limits.entries) throw tooMuch(`more than ${this.#options.limits.entries} entries`);
    const report = reportIn(entry);
    if (report !== undefined) {
      this.#leftOut.push(...report);
      return;
    }
    const verdict = verdictOn(entry);
    if (verdict.kind === "refuse")
      throw new AgentError("file_failed", `The archive is refused at "${plainText(entry.name)}": ${verdict.reason}.`);
    await this.#unlessInTheWay(entry.name, () => this.#made(verdict, entry));
  }

  /** Links come last: while files are written, no part of a path can be a link that the archive brought. */
  async finish(): Promise<Extracted> {
    for (const { name, path, to } of this.#links) await this.#unlessInTheWay(name, () => this.#target.link(path, to));
    await this.#target.setFolderTimes();
    return { files: this.#files, bytes: this.#bytes, leftOut: this.#leftOut };
  }

  async #made(verdict: Exclude<Verdict, { kind: "refuse" }>, entry: ArchiveEntry): Promise<void> {
    const { mode, modified, name } = entry;
    switch (verdict.kind) {
      case "folder":
        return this.#target.folder(verdict.path, { mode: safeMode(mode, "folder"), modified });
      case "link":
        this.#links.push({ ...verdict, name });
        return;
      case "hard_link":
        if (!(await this.#target.hardLink(verdict.path, verdict.to, (bytes) => this.#count(bytes))))
          this.#leftOut.push(withoutFile(name).leftOut);
        return;
      case "leave_out":
        this.#leftOut.push(verdict.leftOut);
        return;
      case "file":
        await this.#target.file(verdict.path, this.#counted(entry.content), { mode: safeMode(mode, "file"), modified });
        this.#files += 1;
    }
  }

  /** What this machine cannot hold under that name is left out, and the rest comes. */
  async #unlessInTheWay(name: string, make: () => Promise<void>): Promise<void> {
    try {
      await make();
    } catch (error) {
      if (!(error instanceof Obstacle)) throw error;
      this.#leftOut.push({ name, kind: "obstacle", reason: error.message });
    }
  }

  async *#counted(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of content) {
      this.#count(piece.length);
      yield piece;
    }
  }

  #count(bytes: number): void {
    const { limits, onBytes } = this.#options;
    this.#bytes += bytes;
    onBytes?.(this.#bytes);
    if (this.#bytes > limits.bytes) throw tooMuch(`more than ${limits.bytes} bytes`);
  }
}

/** What the workspace's side says of what it left out; anybody's own file with such a record that says nothing is a file. */
function reportIn({ records }: ArchiveEntry): LeftOut[] | undefined {
  const text = records.get(LEFT_OUT_RECORD);
  if (text === undefined) return undefined;
  try {
    const { success, data } = leftOutSchema.safeParse(JSON.parse(text));
    return success ? leftOutInside(data) : undefined;
  } catch {
    return undefined;
  }
}

function tooMuch(what: string): AgentError {
  return new AgentError("payload_too_large", `The folder has ${what}.`, { remedy: "Copy parts of it, or raise --limit" });
}
