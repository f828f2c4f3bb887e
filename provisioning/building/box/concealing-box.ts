import type { Writable } from "node:stream";
import type { BoxExec, BuildBox, BuildSite } from "../build-box.ts";
import type { OpenMirrors } from "../mirrors/open-mirrors.ts";

/** A line without an end is handed on in pieces of this size. */
const LONGEST_PIECE = 64 * 1024;

/** Opens a box whose output never says what opens its mirrors, whoever says it there. */
export async function openBox(site: BuildSite, parent: string, open: OpenMirrors): Promise<BuildBox> {
  const box = await site.open(parent, open);
  const secrets = open.secrets ?? [];
  return secrets.length === 0 ? box : new ConcealingBox(box, secrets);
}

class ConcealingBox implements BuildBox {
  readonly #box: BuildBox;
  readonly #secrets: readonly string[];

  constructor(box: BuildBox, secrets: readonly string[]) {
    this.#box = box;
    this.#secrets = secrets;
  }

  async exec(args: readonly string[], options: BoxExec): Promise<number | null> {
    const streams = {
      stdout: new ConcealedStream(this.#secrets, (bytes) => options.onOutput("stdout", bytes)),
      stderr: new ConcealedStream(this.#secrets, (bytes) => options.onOutput("stderr", bytes)),
    };
    const exit = await this.#box.exec(args, { ...options, onOutput: (stream, bytes) => streams[stream].push(bytes) });
    for (const stream of Object.values(streams)) stream.end();
    return exit;
  }

  pipe(args: readonly string[], into: Writable, signal: AbortSignal): Promise<number | null> {
    return this.#box.pipe(args, into, signal);
  }

  openMirrors(): Promise<void> {
    return this.#box.openMirrors();
  }

  closeMirrors(): Promise<void> {
    return this.#box.closeMirrors();
  }

  store(address: string, comment: string): Promise<void> {
    return this.#box.store(address, comment);
  }

  remove(): Promise<void> {
    return this.#box.remove();
  }
}

/** Bytes as latin1 text, so that each stays what it is: what is looked for is ASCII. A secret that is cut in two by the stream is found too. */
class ConcealedStream {
  readonly #secrets: readonly string[];
  readonly #longest: number;
  readonly #onBytes: (bytes: Buffer) => void;
  #rest = "";

  constructor(secrets: readonly string[], onBytes: (bytes: Buffer) => void) {
    this.#secrets = secrets;
    this.#longest = Math.max(...secrets.map(({ length }) => length));
    this.#onBytes = onBytes;
  }

  push(bytes: Buffer): void {
    const text = this.#rest + bytes.toString("latin1");
    const line = text.lastIndexOf("\n") + 1;
    // A secret has no line break in it; of a line without an end so much stays that none is cut.
    const end = text.length - line > LONGEST_PIECE ? text.length - this.#longest : line;
    const said = concealed(text.slice(0, Math.max(line, end)), this.#secrets);
    this.#rest = text.slice(Math.max(line, end));
    if (said !== "") this.#onBytes(Buffer.from(said, "latin1"));
  }

  end(): void {
    if (this.#rest !== "") this.#onBytes(Buffer.from(concealed(this.#rest, this.#secrets), "latin1"));
    this.#rest = "";
  }
}

function concealed(text: string, secrets: readonly string[]): string {
  return secrets.reduce((before, secret) => before.replaceAll(secret, "***"), text);
}
