import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** Looks in which nothing moved but a caret, a quarter of a second apart: the window has been drawn, and has the keys. */
const STILL_LOOKS = 6;
/** Points that a caret may have. */
const CARET = 1_000;

/** The display of a desktop application in the portal's page. */
export class DisplayOnPage {
  readonly #page: Page;
  readonly #canvas: Locator;

  private constructor(page: Page) {
    this.#page = page;
    this.#canvas = this.#frame.locator("canvas");
  }

  /** The one that is looked at, once there is something to see. */
  static async on(page: Page): Promise<DisplayOnPage> {
    const display = new DisplayOnPage(page);
    await display.painted();
    return display;
  }

  get #frame(): Locator {
    return this.#page.getByRole("tabpanel").filter({ visible: true }).locator('[data-state="connected"]');
  }

  /** A window is there: it has more than one color. */
  async painted(): Promise<void> {
    await this.#frame.waitFor({ timeout: 60_000 });
    await expect.poll(() => this.#colors(), { timeout: 60_000, message: "the display shows something" }).toBeGreaterThan(1);
    let looks = 0;
    const still = async () => {
      looks = (await this.#moved()) < CARET ? looks + 1 : 0;
      return looks;
    };
    await expect.poll(still, { timeout: 60_000, interval: 250, message: "the display stands still" }).toBeGreaterThanOrEqual(STILL_LOOKS);
  }

  /** Points that are other than at the last look. */
  #moved(): Promise<number> {
    return this.#canvas.evaluate((canvas: HTMLCanvasElement & { seen?: Uint32Array }) => {
      const image = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
      const now = new Uint32Array(image?.data.buffer ?? new ArrayBuffer(0));
      const before = canvas.seen;
      canvas.seen = now;
      if (before === undefined || before.length !== now.length) return now.length;
      return now.reduce((count, point, at) => count + Number(point !== before[at]), 0);
    });
  }

  /** The window has all of the tab. */
  async fills(): Promise<void> {
    const sizes = () =>
      this.#canvas.evaluate((canvas: HTMLCanvasElement) => {
        const { width, height } = canvas.closest("[data-state]")?.getBoundingClientRect() ?? { width: 0, height: 0 };
        return Math.max(Math.abs(canvas.width / devicePixelRatio - width), Math.abs(canvas.height / devicePixelRatio - height));
      });
    await expect.poll(sizes, { timeout: 15_000, message: "points that the display has less than its frame, or more" }).toBeLessThan(4);
  }

  async type(text: string): Promise<void> {
    await this.#frame.locator("textarea").focus();
    await this.#page.keyboard.type(text);
  }

  async press(keys: string): Promise<void> {
    await this.#frame.locator("textarea").focus();
    await this.#page.keyboard.press(keys);
  }

  /** As an input method gives it: whole, without keys. */
  async compose(text: string): Promise<void> {
    await this.#frame.locator("textarea").focus();
    await this.#page.keyboard.insertText(text);
  }

  #colors(): Promise<number> {
    return this.#canvas.evaluate((canvas: HTMLCanvasElement) => {
      if (canvas.width === 0) return 0;
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const colors = new Set<number>();
      for (let at = 0; at < data.length; at += 4 * 7)
        colors.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
      return colors.size;
    });
  }
}
