/**
 * Makes the pictures of the documents: `node docs/make-screenshots.ts`, in a checkout whose Guise runs with its samples built. With a
 * folder, every page at 360, 1000 and 1600 px, light and dark, goes there instead: to be looked at.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const ROOT = join(import.meta.dirname, "..");
const [folder] = process.argv.slice(2);
const target = folder ?? join(import.meta.dirname, "screenshots");
const variants = folder === undefined ? [{ width: 1280, scheme: "light" as const }] : everyVariant();

/** The pages, by the name of their picture. */
const PAGES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  home: (page) => go(page, "Personas"),
  workspace: async (page) => {
    await go(page, "Personas");
    await page
      .getByRole("link", { name: /Data Analyst/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Open Shell" }).click();
    await page.locator(".xterm-rows, .xterm canvas").first().waitFor();
    await page.waitForTimeout(2_000);
  },
  authoring: async (page) => {
    await go(page, "Authoring");
    await page
      .getByRole("link", { name: /Log Reader|Log Investigator/ })
      .first()
      .click();
    await page.getByRole("heading", { level: 1 }).waitFor();
  },
  operations: (page) => go(page, "Operations"),
  request: async (page) => {
    await go(page, "Personas");
    await page.getByRole("link", { name: "Options of Data Analyst" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
  },
};

function everyVariant() {
  return [360, 1000, 1600].flatMap((width) => (["light", "dark"] as const).map((scheme) => ({ width, scheme })));
}

function guise(...args: string[]): string {
  return execFileSync(join(ROOT, "guise"), args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

async function go(page: Page, name: string): Promise<void> {
  const menu = page.getByRole("button", { name: /menu|navigation/i });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForTimeout(500);
}

async function pictures(browser: Browser, width: number, scheme: "light" | "dark"): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 780 : 800 }, colorScheme: scheme });
  const page = await context.newPage();
  await page.goto(guise("open").trim());
  await page.getByRole("heading", { level: 1, name: "Personas" }).waitFor();
  for (const [name, open] of Object.entries(PAGES)) {
    await open(page);
    const file = folder === undefined ? `${name}.png` : `${name}-${width}-${scheme}.png`;
    await page.screenshot({ path: join(target, file) });
    process.stdout.write(`${file}\n`);
  }
  await context.close();
}

mkdirSync(target, { recursive: true });
guise("request", "data-analyst", "-e", "staging", "-p", "region=UK", "--no-launch");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  for (const { width, scheme } of variants) await pictures(browser, width, scheme);
} finally {
  await browser.close();
}
