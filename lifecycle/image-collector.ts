import { formatBytes } from "@guise/contract";
import { codeOf, type Log } from "#foundation";
import type { Driver } from "#provisioning";
import type { Repository } from "#repository";
import { bytesOf, type CollectableImage, collectable, imagesToCollect } from "./image-collection.ts";
import { type ImageStanding, standingOf } from "./image-standing.ts";
import type { KnownImages } from "./known-images.ts";

export interface ImageCollectorOptions {
  readonly repository: Pick<Repository, "images" | "forgetImage">;
  readonly driver: Pick<Driver, "images" | "removeImage">;
  readonly known: Pick<KnownImages, "forget">;
  readonly log: Log;
  /** Bytes that images may take in all. */
  readonly budget: number;
}

export interface Collected {
  readonly removed: readonly string[];
  /** Bytes that were freed, and that images take now. */
  readonly freed: number;
  readonly left: number;
}

/** Holds the images of personas to their budget: after each build, at intervals, and when an operator says so. One collection at a time. */
export class ImageCollector {
  readonly budget: number;
  readonly #options: ImageCollectorOptions;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  /** It was said already that what is needed alone is more than the budget. */
  #isTight = false;

  constructor(options: ImageCollectorOptions) {
    this.#options = options;
    this.budget = options.budget;
  }

  /** Nothing more is removed; resolves when what is under way is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
  }

  /** Down to `budget` bytes, by default the installation's. Rejects `engine_unreachable`. */
  collect(budget: number = this.budget): Promise<Collected> {
    const collected = this.#last.then(() => this.#collect(budget));
    this.#last = collected.catch(() => undefined);
    return collected;
  }

  /** What is there, and why it stays. Rejects `engine_unreachable`. */
  async standing(): Promise<{ readonly budget: number; readonly taken: number; readonly images: readonly ImageStanding[] }> {
    const { driver, repository } = this.#options;
    const stored = await driver.images();
    return { budget: this.budget, taken: bytesOf(stored), images: standingOf(stored, await repository.images()) };
  }

  /** For those who do not wait for it. */
  async collectQuietly(): Promise<void> {
    await this.collect().catch((error: unknown) =>
      this.#options.log.warn({ err: error }, "images could not be collected; it is tried again"),
    );
  }

  /** Decides anew before each group: a workspace may have been requested meanwhile. */
  async #collect(budget: number): Promise<Collected> {
    const removed: string[] = [];
    const refused = new Set<string>();
    let freed = 0;
    for (;;) {
      const images = await this.#look(refused);
      const [group] = imagesToCollect(images, budget);
      if (group === undefined || this.#isClosed) return this.#done({ removed, freed, left: bytesOf(images) }, budget);
      for (const reference of group) {
        if (!(await this.#remove(reference))) {
          refused.add(reference);
          break;
        }
        removed.push(reference);
        freed += images.find((image) => image.reference === reference)?.bytes ?? 0;
      }
    }
  }

  async #look(refused: ReadonlySet<string>): Promise<readonly CollectableImage[]> {
    const { driver, repository } = this.#options;
    // What is needed is read last: nobody who came while the engine answered is overlooked.
    const stored = await driver.images();
    const images = collectable(stored, await repository.images());
    return images.map((image) => (refused.has(image.reference) ? { ...image, inUse: true } : image));
  }

  /** False when the engine knows of somebody who needs it. */
  async #remove(reference: string): Promise<boolean> {
    const { driver, repository, known, log } = this.#options;
    known.forget(reference);
    try {
      await driver.removeImage(reference);
    } catch (error) {
      if (codeOf(error) === "image_in_use") return false;
      throw error;
    }
    await repository.forgetImage(reference);
    log.info({ reference }, "an image was collected");
    return true;
  }

  #done(collected: Collected, budget: number): Collected {
    const isTight = budget === this.budget && collected.left > budget;
    if (isTight && !this.#isTight)
      this.#options.log.warn(
        { left: collected.left, budget },
        `images that workspaces need take ${formatBytes(collected.left)}, more than their budget of ${formatBytes(budget)}`,
      );
    if (budget === this.budget) this.#isTight = isTight;
    return collected;
  }
}
