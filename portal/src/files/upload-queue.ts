import { AgentError, hasCode } from "@guise/agent";
import { freeName } from "./free-name.ts";
import { type Place, pathOf } from "./paths.ts";

/** What has the name already. */
export interface Existing {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly bytes: number;
  readonly modified: string;
}

export type Answer = "replace" | "keep_both" | "skip";

export interface Upload {
  readonly id: number;
  readonly place: Place;
  /** Its name inside; another than it has here where both are kept. */
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  /** `asking`: something has the name, and the person decides. */
  readonly state: "waiting" | "looking" | "sending" | "asking" | "done" | "failed";
  readonly existing?: Existing;
  readonly error?: AgentError;
}

export interface SendOptions {
  /** Refused with `file_exists` where something has the name. */
  readonly exclusive: boolean;
  readonly signal: AbortSignal;
  readonly progress: (sent: number) => void;
}

/** What the queue needs of the workspace. */
export interface UploadTarget {
  /** What has the name there; undefined: nothing, as far as can be seen beforehand. */
  look(place: Place, name: string): Promise<Existing | undefined>;
  send(path: string, file: File, options: SendOptions): Promise<void>;
  /** A file is there that was not before. */
  written(): void;
}

interface Item {
  readonly file: File;
  /** Those that came together: an answer for all is for them. */
  readonly batch: number;
  readonly stop: AbortController;
  answer?: "replace" | "keep_both";
}

/** At once; more wait their turn. */
const AT_ONCE = 2;
const AT_WORK = new Set<Upload["state"]>(["looking", "sending"]);

/** Uploads into folders of one workspace. Nothing that is there is replaced unless the person said so. */
export class UploadQueue {
  readonly #target: UploadTarget;
  readonly #items = new Map<number, Item>();
  readonly #listeners = new Set<() => void>();
  readonly #answers = new Map<number, Answer>();
  #uploads: readonly Upload[] = [];
  #count = 0;

  constructor(target: UploadTarget) {
    this.#target = target;
  }

  get uploads(): readonly Upload[] {
    return this.#uploads;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A file that was sent before, and is chosen again, is another: it may have been edited. */
  add(place: Place, files: readonly File[]): void {
    const batch = this.#count++;
    for (const file of files) {
      const id = this.#count++;
      this.#items.set(id, { file, batch, stop: new AbortController() });
      const path = pathOf(place, file.name);
      const others = this.#uploads.filter(({ state, ...upload }) => !isOver(state) || pathOf(upload.place, upload.name) !== path);
      this.#uploads = [...others, { id, place, name: file.name, bytes: file.size, sent: 0, state: "waiting" }];
    }
    this.#pump();
  }

  /** `forAll`: also for the others that came with it. */
  answer(id: number, answer: Answer, forAll: boolean): void {
    const batch = this.#items.get(id)?.batch;
    if (forAll && batch !== undefined) this.#answers.set(batch, answer);
    for (const upload of this.#uploads)
      if (
        upload.state === "asking" &&
        (upload.id === id || (forAll && this.#items.get(upload.id)?.batch === batch)) &&
        fits(answer, upload)
      )
        this.#decide(upload.id, answer);
    this.#pump();
  }

  again(id: number): void {
    this.#change(id, { state: "waiting", sent: 0 });
    this.#pump();
  }

  stop(id: number): void {
    this.#items.get(id)?.stop.abort();
    this.#drop(id);
    this.#pump();
  }

  clear(): void {
    for (const { id, state } of this.#uploads) if (isOver(state)) this.#drop(id);
  }

  #pump(): void {
    while (this.#uploads.filter(({ state }) => AT_WORK.has(state)).length < AT_ONCE) {
      const next = this.#uploads.find(({ state }) => state === "waiting");
      if (next === undefined) break;
      this.#change(next.id, { state: "looking" });
      void this.#work(next.id).finally(() => this.#pump());
    }
    this.#told();
  }

  async #work(id: number): Promise<void> {
    const item = this.#items.get(id);
    if (item === undefined) return;
    try {
      await isReadable(item.file);
      await this.#bring(id, item);
    } catch (error) {
      if (item.stop.signal.aborted) this.#drop(id);
      else this.#change(id, { state: "failed", error: error instanceof AgentError ? error : new AgentError("unreachable", String(error)) });
    }
  }

  /** The look spares sending in vain; what comes in between is met by the condition of the writing. */
  async #bring(id: number, item: Item): Promise<void> {
    const upload = this.#uploads.find((one) => one.id === id);
    if (upload === undefined) return;
    if (item.answer === "keep_both") return this.#send(id, item, await this.#freeNameOf(upload));
    if (item.answer === "replace") return this.#send(id, item, upload.name);
    const existing = await this.#target.look(upload.place, upload.name);
    if (existing !== undefined) return this.#ask(id, item, existing);
    return this.#send(id, item, upload.name);
  }

  async #send(id: number, item: Item, name: string): Promise<void> {
    this.#change(id, { state: "sending", name });
    const place = this.#uploads.find((one) => one.id === id)?.place ?? [];
    const progress = (sent: number) => this.#change(id, { sent });
    try {
      const exclusive = item.answer !== "replace";
      await this.#target.send(pathOf(place, name), item.file, { exclusive, signal: item.stop.signal, progress });
    } catch (error) {
      if (!hasCode(error, "file_exists")) throw error;
      const existing = await this.#target.look(place, name);
      return this.#ask(id, item, existing ?? { kind: "file", bytes: 0, modified: "" });
    }
    this.#change(id, { state: "done", sent: item.file.size });
    this.#target.written();
  }

  #ask(id: number, item: Item, existing: Existing): void {
    delete item.answer;
    this.#change(id, { state: "asking", sent: 0, existing });
    const answer = this.#answers.get(item.batch);
    if (answer !== undefined && fits(answer, { existing })) this.#decide(id, answer);
  }

  #decide(id: number, answer: Answer): void {
    const item = this.#items.get(id);
    if (item === undefined || answer === "skip") {
      this.#drop(id);
      return;
    }
    item.answer = answer;
    this.#change(id, { state: "waiting" });
  }

  async #freeNameOf({ place, name }: Upload): Promise<string> {
    return freeName(name, async (candidate) => (await this.#target.look(place, candidate)) === undefined);
  }

  #change(id: number, next: Partial<Upload>): void {
    this.#uploads = this.#uploads.map((one) => (one.id === id ? { ...one, ...next } : one));
    this.#told();
  }

  #drop(id: number): void {
    this.#items.delete(id);
    this.#uploads = this.#uploads.filter((one) => one.id !== id);
    this.#told();
  }

  #told(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A folder is not replaced by a file, whatever was said of the others. */
function fits(answer: Answer, { existing }: Pick<Upload, "existing">): boolean {
  return answer !== "replace" || existing?.kind !== "folder";
}

function isOver(state: Upload["state"]): boolean {
  return state === "done" || state === "failed";
}

/** A folder that was dropped, or a file that changed or went since it was chosen: the browser would only say that the network failed. */
async function isReadable(file: File): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch (error) {
    throw new AgentError(
      "file_failed",
      "It could not be read on this machine: it is a folder, or it was changed or moved since it was chosen.",
      {
        remedy: "Choose it again; of a folder, the files in it.",
        cause: error,
      },
    );
  }
}
