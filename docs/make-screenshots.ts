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
  home: (page) => go(page, "/"),
  workspace: async (page) => {
    await go(page, `/workspaces/${workspace}`);
    await page
      .getByRole("button", { name: /^(Open|Go to) Shell/ })
      .first()
      .click();
    await page.locator(".xterm").first().waitFor();
    await page.waitForTimeout(1_500);
    await page.keyboard.type("clear; ls -l /data/sample-sales\n");
    // The shell's first prompt, and a sample of what is used.
    await page.waitForTimeout(6_000);
  },
  authoring: (page) => go(page, "/authoring"),
  versions: (page) => go(page, "/authoring/log-investigator"),
  operations: (page) => go(page, "/operations"),
  request: (page) => go(page, "/open/data-analyst?region=US"),
};

function everyVariant() {
  return [360, 1000, 1600].flatMap((width) => (["light", "dark"] as const).map((scheme) => ({ width, scheme })));
}

function guise(...args: string[]): string {
  return execFileSync(join(ROOT, "guise"), args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

async function go(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await page.getByRole("heading").first().waitFor();
  await page.waitForTimeout(1_000);
}

async function pictures(browser: Browser, width: number, scheme: "light" | "dark"): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 780 : 800 }, colorScheme: scheme });
  const page = await context.newPage();
  await page.goto(guise("open").trim());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Personas", exact: true }).waitFor();
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
const [{ workspace_id: workspace } = { workspace_id: "" }] = JSON.parse(guise("ps", "--json")) as { workspace_id: string }[];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  for (const { width, scheme } of variants) await pictures(browser, width, scheme);
} finally {
  await browser.close();
}
