import type { BuiltImage, Driver, ImagePlan } from "#provisioning";

/**
 * Images that were seen on the engine: asking it each time costs 10 ms of each start. An image may be removed behind our back;
 * then the start says `image_missing`, `forget` is called, and the start asks again and builds it.
 */
export class KnownImages {
  readonly #driver: Pick<Driver, "findImage">;
  readonly #seen = new Map<string, BuiltImage>();

  constructor(driver: Pick<Driver, "findImage">) {
    this.#driver = driver;
  }

  async find(plan: ImagePlan): Promise<BuiltImage | undefined> {
    const key = JSON.stringify(plan);
    const seen = this.#seen.get(key) ?? (await this.#driver.findImage(plan));
    if (seen !== undefined) this.#seen.set(key, seen);
    return seen;
  }

  /** It was removed, or is about to be. */
  forget(reference: string): void {
    for (const [key, image] of this.#seen) if (image.reference === reference) this.#seen.delete(key);
  }
}
