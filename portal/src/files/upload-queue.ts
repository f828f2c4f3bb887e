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
  /** `asking`: something has the name, and the person decides. `left`: begun before, and the file is not at hand. */
  readonly state: "waiting" | "looking" | "sending" | "paused" | "left" | "asking" | "done" | "failed";
  /** The connection is lost; it goes on when it is back. */
  readonly isCut?: boolean;
  readonly existing?: Existing;
  readonly error?: AgentError;
}

export interface SendOptions {
  /** Refused with `file_exists` where something has the name. */
  readonly exclusive: boolean;
  readonly signal: AbortSignal;
  readonly progress: (sent: number) => void;
  /** Goes on with what was begun before. */
  readonly begunBefore: string | undefined;
  /** What it is known by from now on. */
  readonly begun: (upload: string) => void;
  readonly cut: (isCut: boolean) => void;
}

/** An upload that was begun before, here or elsewhere, and is not whole. */
export interface LeftUpload {
  readonly upload: string;
  readonly place: Place;
  readonly name: string;
  readonly bytes: number;
  readonly offset: number;
  /** Of the file on its person's machine, ms since the epoch. */
  readonly modified: number | undefined;
}

/** What the queue needs of the workspace. */
export interface UploadTarget {
  /** What has the name there; undefined: nothing, as far as can be seen beforehand. */
  look(place: Place, name: string): Promise<Existing | undefined>;
  send(path: string, file: File, options: SendOptions): Promise<void>;
  /** What came of an upload is not wanted any more. */
  drop(upload: string): void;
  /** A file is there that was not before. */
  written(): void;
}

interface Item {
  /** Undefined: it was chosen before the page was loaded. */
  file: File | undefined;
  /** Those that came together: an answer for all is for them. */
  readonly batch: number;
  readonly isNew?: boolean;
  /** Ends the present attempt. */
  stop: AbortController;
  /** What came of it inside, of the file with that time. */
  upload?: string;
  modified?: number | undefined;
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
    this.bring(files.map((file) => ({ place, file })));
  }

  /** Files that came together. `isNew`: most likely nothing has their names, and only the condition of the writing looks. */
  bring(files: readonly { readonly place: Place; readonly file: File }[], isNew = false): void {
    const batch = this.#count++;
    const left = this.#uploads.filter(({ state }) => state === "left");
    const fresh: Upload[] = [];
    for (const { place, file } of files) {
      const path = pathOf(place, file.name);
      const known = left.find((one) => pathOf(one.place, one.name) === path && this.#isOf(one.id, file));
      if (known !== undefined) this.#goOn(known.id, file);
      else {
        const id = this.#count++;
        this.#items.set(id, { file, batch, isNew, stop: new AbortController() });
        fresh.push({ id, place, name: file.name, bytes: file.size, sent: 0, state: "waiting" });
      }
    }
    const paths = new Set(fresh.map(({ place, name }) => pathOf(place, name)));
    const others = this.#uploads.filter(({ state, place, name }) => !isOver(state) || !paths.has(pathOf(place, name)));
    this.#uploads = [...others, ...fresh];
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

  /** Shows what is not whole inside; what is known here already is left alone. */
  left(uploads: readonly LeftUpload[]): void {
    const known = new Set([...this.#items.values()].map(({ upload }) => upload));
    for (const { upload, place, name, bytes, offset, modified } of uploads) {
      if (known.has(upload)) continue;
      const id = this.#count++;
      this.#items.set(id, { file: undefined, batch: id, stop: new AbortController(), upload, modified });
      this.#uploads = [...this.#uploads, { id, place, name, bytes, sent: offset, state: "left" }];
    }
    this.#told();
  }

  /** The file of one that was left; another than it was begun with is refused. */
  chosenAgain(id: number, file: File): void {
    if (this.#isOf(id, file)) this.#goOn(id, file);
    else
      this.#change(id, {
        error: new AgentError("file_failed", `${file.name} is another file than the upload was begun with, or was changed since.`, {
          remedy: "Choose the same file, or call this upload off and send the file anew.",
        }),
      });
    this.#pump();
  }

  /** What was confirmed stays, and its turn is another's. */
  pause(id: number): void {
    this.#interrupt(id);
    this.#change(id, { state: "paused", isCut: false });
    this.#pump();
  }

  again(id: number): void {
    this.#change(id, { state: "waiting" });
    this.#pump();
  }

  stop(id: number): void {
    this.#interrupt(id);
    const upload = this.#items.get(id)?.upload;
    if (upload !== undefined) this.#target.drop(upload);
    this.#drop(id);
    this.#pump();
  }

  /** All that is not over; what was left before stays. */
  stopAll(): void {
    const stopped = this.#uploads.filter(({ state }) => !isOver(state) && state !== "left");
    // The last first: else the next ones would have their turn meanwhile.
    for (const { id } of stopped.reverse()) this.stop(id);
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
    if (item?.file === undefined) return;
    const { file, stop } = item;
    try {
      await isReadable(file);
      await this.#bring(id, item, file, stop.signal);
    } catch (error) {
      // Who stopped it knows what comes next.
      if (!stop.signal.aborted)
        this.#change(id, { state: "failed", error: error instanceof AgentError ? error : new AgentError("unreachable", String(error)) });
    }
  }

  /** The look spares sending in vain; what comes in between is met by the condition of the writing. */
  async #bring(id: number, item: Item, file: File, signal: AbortSignal): Promise<void> {
    const upload = this.#uploads.find((one) => one.id === id);
    if (upload === undefined) return;
    if (item.answer === "keep_both") return this.#send(id, item, file, signal, await this.#freeNameOf(upload));
    if (item.answer === "replace") return this.#send(id, item, file, signal, upload.name);
    const existing = item.isNew === true ? undefined : await this.#target.look(upload.place, upload.name);
    signal.throwIfAborted();
    if (existing !== undefined) return this.#ask(id, item, existing);
    return this.#send(id, item, file, signal, upload.name);
  }

  async #send(id: number, item: Item, file: File, signal: AbortSignal, name: string): Promise<void> {
    signal.throwIfAborted();
    this.#change(id, { state: "sending", name });
    const place = this.#uploads.find((one) => one.id === id)?.place ?? [];
    const whileWanted = (next: Partial<Upload>) => !signal.aborted && this.#change(id, next);
    try {
      await this.#target.send(pathOf(place, name), file, {
        exclusive: item.answer !== "replace",
        signal,
        begunBefore: item.upload,
        progress: (sent) => whileWanted({ sent }),
        cut: (isCut) => whileWanted({ isCut }),
        begun: (upload) => {
          item.upload = upload;
        },
      });
    } catch (error) {
      if (!hasCode(error, "file_exists")) throw error;
      const existing = await this.#target.look(place, name);
      return this.#ask(id, item, existing ?? { kind: "file", bytes: 0, modified: "" });
    }
    delete item.upload;
    this.#change(id, { state: "done", sent: file.size });
    this.#target.written();
  }

  /** What was sent may be more than was confirmed; a file of another time is another file. */
  #isOf(id: number, file: File): boolean {
    const upload = this.#uploads.find((one) => one.id === id);
    return upload?.bytes === file.size && this.#items.get(id)?.modified === file.lastModified;
  }

  #goOn(id: number, file: File): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    item.file = file;
    this.#change(id, { state: "waiting" });
  }

  #interrupt(id: number): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    item.stop.abort();
    item.stop = new AbortController();
  }

  #ask(id: number, item: Item, existing: Existing): void {
    delete item.answer;
    this.#change(id, { state: "asking", existing });
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
    this.#uploads = this.#uploads.map((one) => {
      if (one.id !== id) return one;
      const { error: _, ...rest } = one;
      return { ...rest, ...next };
    });
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
