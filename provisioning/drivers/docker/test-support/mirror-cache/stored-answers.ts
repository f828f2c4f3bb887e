import { hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Log } from "#foundation";

export interface Stored {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** What says which versions there are is asked for again after a day, ms; files of a version never change. */
const FRESH = 24 * 3_600_000;
const TRIES = 5;

/** Answers of the mirrors on disk, each asked for once; what was answered before serves as well where the mirror fails. */
export class StoredAnswers {
  readonly #folder: string;
  readonly #log: Log;
  readonly #underWay = new Map<string, Promise<Stored>>();

  constructor(folder: string, log: Log) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#log = log;
  }

  /** `accept` is part of what is asked. Rejects when the mirror fails and never answered before. */
  get(url: string, accept: string, isImmutable: boolean): Promise<Stored> {
    const name = hash("sha256", `${accept} ${url}`);
    const asked = this.#underWay.get(name) ?? this.#look(name, url, accept, isImmutable).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, asked);
    return asked;
  }

  async #look(name: string, url: string, accept: string, isImmutable: boolean): Promise<Stored> {
    const path = join(this.#folder, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => undefined,
    );
    if (age !== undefined && (isImmutable || age < FRESH)) return read(path);
    try {
      const stored = await this.#fetch(url, accept);
      await write(path, stored);
      return stored;
    } catch (error) {
      if (age === undefined) throw error;
      return read(path);
    }
  }

  async #fetch(url: string, accept: string): Promise<Stored> {
    for (let tried = 1; ; tried++) {
      try {
        const answer = await fetch(url, { headers: { accept } });
        const body = Buffer.from(await answer.arrayBuffer());
        if (answer.status >= 500 || answer.status === 429) throw new Error(`${url} answered ${answer.status}`);
        return { status: answer.status, type: answer.headers.get("content-type") ?? "application/octet-stream", body };
      } catch (error) {
        if (tried === TRIES) throw error;
        this.#log.warn({ err: error, url }, "a mirror failed; it is asked again");
        await setTimeout(500 * 2 ** tried);
      }
    }
  }
}

/** One file: a line of JSON, then the body. */
async function write(path: string, { status, type, body }: Stored): Promise<void> {
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, Buffer.concat([Buffer.from(`${JSON.stringify({ status, type })}\n`), body]));
  await rename(beside, path);
}

async function read(path: string): Promise<Stored> {
  const content = await readFile(path);
  const end = content.indexOf("\n");
  return { ...(JSON.parse(content.toString("utf8", 0, end)) as { status: number; type: string }), body: content.subarray(end + 1) };
}
