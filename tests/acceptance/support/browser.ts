import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { expect, vi } from "vitest";

/** What Playwright has Chromium leave out, as its version here writes it. */
const LEFT_OUT = [
  ...[
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
  ],
  ...["MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin"],
  ...["OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn"],
  ...["msEdgeUpdateLaunchServicesPreferredVersion"],
];
const leavingOut = (features: readonly string[]) => `--disable-features=${features.join(",")}`;

/**
 * Debian's Chromium, which keeps third-party cookies out. Without its graphics interface the terminal is drawn as text of the page, which a test
 * can read. What a page keeps inside another site's page is apart, as everybody's browser has it: without that such a page could keep nothing.
 */
export function openBrowser(): Promise<Browser> {
  const features = leavingOut(LEFT_OUT.filter((feature) => feature !== "ThirdPartyStoragePartitioning"));
  const args = ["--no-sandbox", "--disable-3d-apis", "--test-third-party-cookie-phaseout", features];
  return chromium.launch({ executablePath: "/usr/bin/chromium", args, ignoreDefaultArgs: [leavingOut(LEFT_OUT)] });
}

/** A person's browser, and what it complained of. */
export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Faults of the page; what a test provokes it takes out. */
  readonly faults: string[];
}

export async function personWith(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 760 }, acceptDownloads: true, ...options });
  const faults: string[] = [];
  context.on("weberror", (error) => faults.push(error.error().message));
  context.on("console", (message) => {
    // Any engine that starts or ends on this machine changes its interfaces, which the browser takes for another network; it asks again.
    if (message.type() === "error" && !message.text().includes("net::ERR_NETWORK_CHANGED")) faults.push(message.text());
  });
  return { context, page: await context.newPage(), faults };
}

export async function signIn({ page }: Person, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Personas", exact: true }).waitFor();
}

/** No violation of the rules that axe knows. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // A color on its way from one to another is neither.
  await page.evaluate(async () => {
    const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
  // What an application shows in its frame is its own.
  const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`),
  );
  expect(found, where).toEqual([]);
}

/** A terminal on the page. */
export class TerminalOnPage {
  readonly #page: Page;
  readonly #screen: Locator;

  private constructor(page: Page) {
    this.#page = page;
    this.#screen = page.getByRole("tabpanel").filter({ visible: true }).locator(".xterm");
  }

  /** The one that is looked at, once it is connected. */
  static async on(page: Page): Promise<TerminalOnPage> {
    const terminal = new TerminalOnPage(page);
    await terminal.connected();
    return terminal;
  }

  async connected(): Promise<void> {
    await this.#page.getByRole("tabpanel").filter({ visible: true }).locator('[data-state="connected"]').waitFor({ timeout: 20_000 });
  }

  async focus(): Promise<void> {
    await this.#screen.locator("textarea").focus();
  }

  /** Rows as they are shown, without the blanks behind them. */
  async rows(): Promise<readonly string[]> {
    const rows = await this.#screen.locator(".xterm-rows > div").allTextContents();
    return rows.map((row) => row.replaceAll("\u00a0", " ").trimEnd());
  }

  async shows(text: string | RegExp): Promise<void> {
    const holds = (shown: string) => (typeof text === "string" ? shown.includes(text) : text.test(shown));
    await expect
      .poll(async () => holds((await this.rows()).join("\n")), { timeout: 20_000, message: `the terminal shows ${text}` })
      .toBe(true);
  }

  /** Its last row and column are seen whole, and no row more would be. */
  async fits(): Promise<void> {
    const room = () =>
      this.#screen.evaluate((element) => {
        const frame = element.closest("[data-state]")?.getBoundingClientRect();
        const shown = element.querySelector(".xterm-screen")?.getBoundingClientRect();
        const row = element.querySelector(".xterm-rows > div")?.getBoundingClientRect();
        if (frame === undefined || shown === undefined || row === undefined) return "there is no terminal";
        const [below, beside] = [frame.bottom - shown.bottom, frame.right - shown.right];
        return below >= 4 && beside >= 4 && below < row.height + 6 ? "fits" : `${below} px below, ${beside} px beside`;
      });
    await expect.poll(room, { timeout: 5_000 }).toBe("fits");
  }

  async type(text: string): Promise<void> {
    await this.focus();
    await this.#page.keyboard.type(text);
  }

  /** From the browser's clipboard, as a person does. */
  async paste(text: string): Promise<void> {
    await this.#page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await this.#page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.focus();
    await this.#page.keyboard.press("Control+Shift+V");
  }

  /** Every row from the top of what is kept, read page by page. */
  async everything(): Promise<readonly string[]> {
    await this.focus();
    const all: string[] = [];
    for (let rows = await this.rows(); ; ) {
      all.unshift(...rows);
      await this.#page.keyboard.press("Shift+PageUp");
      const before = rows.join("\n");
      const moved = await vi
        .waitFor(
          async () => {
            const next = await this.rows();
            if (next.join("\n") === before) throw new Error("it has not moved");
            return next;
          },
          { timeout: 1000 },
        )
        .catch(() => undefined);
      // At the top nothing moves any more.
      if (moved === undefined) return all;
      rows = moved;
    }
  }
}
