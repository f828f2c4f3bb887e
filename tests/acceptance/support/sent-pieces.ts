import type { Page, Response } from "playwright-core";

/** The pieces of uploads that were confirmed to this page. */
export class SentPieces {
  /** Where they began. */
  readonly offsets: number[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(page: Page) {
    page.on("response", (response: Response) => {
      const request = response.request();
      if (request.method() !== "PATCH" || response.status() !== 204) return;
      this.offsets.push(Number(request.headers()["upload-offset"]));
      for (const look of this.#waiting) look();
    });
  }

  /** Resolves when so many more than now are confirmed. */
  async more(count: number): Promise<void> {
    const wanted = this.offsets.length + count;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => this.offsets.length >= wanted && resolve();
    this.#waiting.add(look);
    await promise;
    this.#waiting.delete(look);
  }

  /** Does it, and waits for the next piece after its beginning; when that was confirmed. On a busy machine it may come before what led to it is done. */
  async another(act: () => Promise<void>): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const look = () => resolve(performance.now());
    this.#waiting.add(look);
    await act();
    const at = await promise;
    this.#waiting.delete(look);
    return at;
  }
}
