import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Log, messageOf } from "#foundation";
import { type HomeMaking, homeTemplate, makeHomeImage, templateBytes } from "./home-image.ts";

/** An empty home that belongs to nobody yet: owner and UUID are set. */
export interface BlankHome extends HomeMaking {
  readonly file: string;
}

export interface BlankHomesOptions {
  /** Folder of templates and blanks, on the file system of the homes. */
  readonly folder: string;
  /** Blanks of one size that are kept. */
  readonly size: number;
  readonly remapBase: number;
  readonly log: Log;
  takeUid(): Promise<number>;
  giveUidBack(uid: number): void;
}

/** Sizes for which blanks are kept: the ones that were asked for last. */
const SIZES = 4;

/**
 * Homes made ahead of demand: copying and owning one takes 25 ms of a core, a rename nothing. Blanks are named as half-made, so that
 * what a crashed process left is removed with everything else that nobody has ever mounted.
 */
export class BlankHomes {
  readonly #options: BlankHomesOptions;
  readonly #ready = new Map<number, BlankHome[]>();
  #filling: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: BlankHomesOptions) {
    this.#options = options;
  }

  /** Makes blanks of the sizes that homes had lately. */
  async open(): Promise<void> {
    const { folder } = this.#options;
    const sizes = (await readdir(folder)).flatMap((file) => templateBytes(file) ?? []);
    const ages = await Promise.all(sizes.map(async (bytes) => ({ bytes, at: (await stat(join(folder, `home-${bytes}.img`))).mtimeMs })));
    for (const { bytes } of ages.sort((a, b) => a.at - b.at).slice(-SIZES)) this.refill(bytes);
  }

  take(bytes: number): BlankHome | undefined {
    return this.#ready.get(bytes)?.shift();
  }

  /** In the background, one after another: this size is full again, and the longest unused beyond `SIZES` is dropped. */
  refill(bytes: number): void {
    const kept = this.#ready.get(bytes) ?? [];
    this.#ready.delete(bytes);
    this.#ready.set(bytes, kept);
    this.#filling = this.#filling
      .then(() => this.#fill(bytes))
      .catch((error: unknown) => {
        // A start then makes its own home, and says what is wrong.
        this.#options.log.debug({ error: messageOf(error), bytes }, "a blank home could not be made");
      });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#filling;
    for (const bytes of [...this.#ready.keys()]) await this.#drop(bytes);
  }

  async #fill(bytes: number): Promise<void> {
    for (;;) {
      const [oldest] = this.#ready.keys();
      if (this.#ready.size > SIZES && oldest !== undefined) await this.#drop(oldest);
      const kept = this.#ready.get(bytes);
      if (this.#isClosed || kept === undefined || kept.length >= this.#options.size) return;
      kept.push(await this.#make(bytes));
    }
  }

  async #make(bytes: number): Promise<BlankHome> {
    const { folder, remapBase } = this.#options;
    const uid = await this.#options.takeUid();
    const blank = { uid, remapBase, uuid: randomUUID(), file: join(folder, `blank-${randomUUID()}.making`) };
    try {
      await makeHomeImage(await homeTemplate(folder, bytes), blank.file, blank);
      return blank;
    } catch (error) {
      await this.remove(blank);
      throw error;
    }
  }

  async #drop(bytes: number): Promise<void> {
    const blanks = this.#ready.get(bytes) ?? [];
    this.#ready.delete(bytes);
    for (const blank of blanks) await this.remove(blank);
  }

  /** A blank that was taken and not used, too. */
  async remove({ file, uid }: BlankHome): Promise<void> {
    await rm(file, { force: true });
    this.#options.giveUidBack(uid);
  }
}
