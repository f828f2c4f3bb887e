import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { expectAccessible, openBrowser, type Person, personWith, signIn, TerminalOnPage } from "./support/browser.ts";
import { tinyPersona, World } from "./support/world.ts";

/**
 * A workspace's page as a place to work, in a real Chromium.
 * Slow: the images of two personas are built where no file did so before.
 */
const PERSONAS = join(import.meta.dirname, "..", "..", "personas");

let world: World;
let browser: Browser;
const people: Person[] = [];

beforeAll(async () => {
  world = await World.shared();
  await world.publish(tinyPersona({ persona_id: "worked-in", persona_name: "Worked in", access_controls: {} }));
  await world.publish(tinyPersona({ persona_id: "closed-in", persona_name: "Closed in", access_controls: { clipboard: "none" } }));
  const analyst = JSON.parse(readFileSync(join(PERSONAS, "data-analyst.json"), "utf8")) as Record<string, unknown>;
  await world.publish({
    ...analyst,
    ...{ persona_id: "two-sided", persona_name: "Two sided", launch: [], ports: [{ port: 5173, name: "Preview" }] },
  });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
afterEach(async () => {
  for (const { context } of people.splice(0)) await context.close();
  for (const persona of ["worked-in", "closed-in", "two-sided", "room-taker"]) await world.guise("release", persona, "--with-home");
});

async function arrive(): Promise<Person> {
  const person = await personWith(browser, { viewport: { width: 1280, height: 860 } });
  people.push(person);
  await signIn(person, (await world.guise("open")).stdout.trim());
  return person;
}

/** The page of a workspace, with its shell open. */
async function openShell({ page }: Person, persona: string): Promise<TerminalOnPage> {
  await page.getByRole("button", { name: `Open ${persona}`, exact: true }).click({ timeout: 300_000 });
  await page.getByRole("button", { name: "Open Shell" }).click({ timeout: 60_000 });
  const terminal = await TerminalOnPage.on(page);
  await terminal.shows("$");
  return terminal;
}

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const focused = (page: Page) => page.evaluate(() => document.activeElement?.className ?? "");

test("a terminal is searched, its letters are sized, and what is marked is copied", async () => {
  const person = await arrive();
  const { page, faults } = person;
  const terminal = await openShell(person, "Worked in");
  await terminal.type("seq -f needle-%g 120\n");
  await terminal.shows("needle-120");
  await page.keyboard.press("Control+Shift+F");
  const search = page.getByRole("search");
  await page.keyboard.type("needle-1");
  // 1, 10 to 19, 100 to 120; the newest first.
  await search.getByText("32 of 32").waitFor();
  await page.keyboard.press("Shift+Enter");
  await search.getByText("31 of 32").waitFor();
  await page.keyboard.press("Enter");
  await search.getByText("32 of 32").waitFor();
  await expectAccessible(page, "a search in a terminal");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Escape");
  await search.waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toContain("xterm-helper-textarea");
  // What was found is marked, and goes by the usual keys.
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.keyboard.press("Control+Shift+C");
  await expect.poll(() => clipboard(page)).toBe("needle-1");
  await page.keyboard.type("echo was:");
  await page.keyboard.press("Control+Shift+V");
  await page.keyboard.press("Enter");
  await terminal.shows("was:needle-1");

  const height = () =>
    page
      .locator(".xterm-rows > div")
      .first()
      .evaluate((row) => row.getBoundingClientRect().height);
  const usual = await height();
  await page.keyboard.press("Control++");
  await page.keyboard.press("Control++");
  await expect.poll(height).toBeGreaterThan(usual);
  await terminal.fits();
  await page.reload();
  const again = await TerminalOnPage.on(page);
  await again.shows("was:needle-1");
  await expect.poll(height).toBeGreaterThan(usual);
  await again.focus();
  await page.keyboard.press("Control+0");
  await expect.poll(height).toBe(usual);
  expect(faults).toEqual([]);
});

test("a terminal follows what is said while another tab is looked at, and while it is laid out anew", async () => {
  const person = await arrive();
  const { page } = person;
  const terminal = await openShell(person, "Worked in");
  await terminal.type("seq -f before-%g 60; until test -e go; do sleep 0.1; done; seq -f row-%g 300; touch went\n");
  await terminal.shows("before-60");
  await page.getByRole("tab", { name: "Files" }).click();
  const inside = (command: string) => world.guise("exec", "worked-in", "--", "sh", "-c", command);
  await inside("touch go");
  await expect.poll(async () => (await inside("test -e went")).exit).toBe(0);
  await page.getByRole("button", { name: "Two tabs side by side" }).click();
  await page.getByRole("menuitem", { name: "Shell" }).click();
  await terminal.shows("row-300");
  await terminal.type("seq -f later-%g 100\n");
  await terminal.shows("later-100");
  await page.setViewportSize({ width: 1100, height: 700 });
  await terminal.shows("later-100");
});

test("where a persona keeps the clipboard closed the terminal neither copies nor pastes, and says why", async () => {
  const person = await arrive();
  const { page } = person;
  const terminal = await openShell(person, "Closed in");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("from-outside"));
  await terminal.focus();
  await page.keyboard.press("Control+Shift+V");
  await page.getByText("Its persona takes no text from your clipboard.").waitFor();
  await terminal.type("echo in-si''de\n");
  await terminal.shows("in-side");
  await page.locator(".xterm-screen").dblclick({ position: { x: 40, y: 8 } });
  await page.keyboard.press("Control+Shift+C");
  await page.getByText("Its persona puts no text into your clipboard.").waitFor();
  await page.keyboard.press("Control+Insert");
  expect(await clipboard(page)).toBe("from-outside");
  expect((await terminal.rows()).join("\n")).not.toContain("from-outside");
  await expectAccessible(page, "a refused copy");
});

test("two tabs are side by side, and one has the whole screen; no frame is loaded anew", async () => {
  const person = await arrive();
  const { page, faults } = person;
  const terminal = await openShell(person, "Two sided");
  await terminal.type("echo '<input aria-label=note>' > index.html; python3 -m http.server 5173 > /dev/null 2>&1 &\n");
  await page.getByRole("button", { name: "Open Preview (5173)" }).click();
  await page.getByRole("tab", { name: "Preview" }).waitFor();
  const note = page.frameLocator('iframe[title="Preview"]').getByLabel("note");
  await note.fill("still here");
  const same = async () => expect(await note.inputValue()).toBe("still here");

  await page.getByRole("button", { name: "Two tabs side by side" }).click();
  await page.getByRole("menuitem", { name: "Shell" }).click();
  const shell = page.getByRole("tabpanel", { name: "Shell" });
  const preview = page.getByRole("tabpanel", { name: "Preview" });
  await shell.waitFor();
  await same();
  const border = page.getByRole("separator");
  const widths = async () => {
    const [one, other] = [await preview.boundingBox(), await shell.boundingBox()];
    return (one?.width ?? 0) - (other?.width ?? 0);
  };
  const even = await widths();
  await border.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => border.getAttribute("aria-valuenow")).toBe("60");
  await expect.poll(widths).toBeGreaterThan(even + 100);
  // Over the frame, which would have the mouse to itself.
  const at = await border.boundingBox();
  if (at === null) throw new Error("there is no border");
  await page.mouse.move(at.x + 6, at.y + 100);
  await page.mouse.down();
  await page.mouse.move(at.x - 200, at.y + 120, { steps: 4 });
  await page.mouse.up();
  await expect.poll(widths).toBeLessThan(even);
  await expectAccessible(page, "two tabs");
  await same();

  // Remembered; the frame begins anew with the page, and with nothing else.
  const share = await border.getAttribute("aria-valuenow");
  await page.reload();
  await expect.poll(() => border.getAttribute("aria-valuenow")).toBe(share);
  await note.fill("still here", { timeout: 30_000 });
  await page.setViewportSize({ width: 360, height: 780 });
  await expect.poll(() => border.getAttribute("aria-orientation")).toBe("horizontal");
  // The page may be laid out anew between the two looks.
  const between = async () => {
    const [above, below] = [await preview.boundingBox(), await shell.boundingBox()];
    return (below?.y ?? 0) - ((above?.y ?? 0) + (above?.height ?? Number.NaN));
  };
  await expect.poll(between).toBeGreaterThanOrEqual(0);
  await expectAccessible(page, "two tabs, narrow");
  await page.setViewportSize({ width: 1280, height: 860 });
  await preview
    .getByRole("button", { name: "Hide Shell" })
    .or(shell.getByRole("button", { name: "Hide Shell" }))
    .click();
  await border.waitFor({ state: "detached" });
  await same();

  await page.getByRole("button", { name: "Show Preview on the whole screen" }).click();
  await page.getByRole("button", { name: "Leave full screen" }).waitFor();
  expect(await page.evaluate(() => document.fullscreenElement?.tagName)).toBe("HTML");
  await expect.poll(() => preview.boundingBox()).toMatchObject({ x: 0, y: 0 });
  await expectAccessible(page, "a tab on the whole screen");
  await page.getByRole("button", { name: "Leave full screen" }).click();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBeNull();
  await same();
  // Where the browser refuses, the tab fills the window; the keyboard comes out of a terminal there too.
  await page.evaluate(() => {
    document.documentElement.requestFullscreen = () => Promise.reject(new Error("refused"));
  });
  await page.getByRole("tab", { name: "Shell" }).click();
  await page.getByRole("button", { name: "Show Shell on the whole screen" }).click();
  await expect.poll(() => shell.boundingBox()).toMatchObject({ x: 0, y: 0, width: 1280, height: 860 });
  await expect.poll(() => focused(page)).toContain("xterm-helper-textarea");
  await page.keyboard.press("Control+F6");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await same();
  expect(faults).toEqual([]);
});

test("what is being prepared is stopped, and the browser's tab tells how it stands", async () => {
  const person = await arrive();
  const { page } = person;
  const { nodes } = JSON.parse((await world.guise("admin", "status", "--json")).stdout) as {
    nodes: { free: { ingress: number; egress: number } }[];
  };
  const { ingress = 0, egress = 0 } = nodes[0]?.free ?? {};
  // All but too little for another.
  const network_bandwidth = `${Math.floor(Math.min(ingress, egress) / 1e6) - 10}Mbit`;
  const resource_requirements = { cpu: "100m", ram: "128Mi", storage: "64Mi", network_bandwidth };
  await world.publish(tinyPersona({ persona_id: "room-taker", persona_name: "Room taker", resource_requirements }));
  expect((await world.guise("request", "room-taker", "--no-launch")).exit).toBe(0);
  await page.getByRole("button", { name: "Open Worked in", exact: true }).click({ timeout: 300_000 });
  await expect.poll(() => page.title()).toBe("Worked in: waiting · Guise");
  expect(await page.locator('link[rel="icon"]').getAttribute("href")).toBe("/icon-waiting.svg");
  await page.getByRole("button", { name: "Stop" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^The request is called off/).waitFor();
  await expectAccessible(page, "stop, asked");
  await dialog.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("heading", { name: "Receipt" }).waitFor({ timeout: 30_000 });
  await expect.poll(() => page.title()).toBe("Worked in: given back · Guise");
});
