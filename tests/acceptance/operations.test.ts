import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { expectAccessible, openBrowser, type Person, personWith, signIn } from "./support/browser.ts";
import { tinyPersona, World } from "./support/world.ts";

/** What operators do in the page: a workspace of somebody else is stopped, an account is made, tables are taken home. */
let world: World;
let browser: Browser;
const people: Person[] = [];
/** A shared Guise keeps accounts and groups. */
const mark = String(process.pid);

beforeAll(async () => {
  world = await World.shared();
  await world.publish(tinyPersona({ persona_id: "operated", persona_name: "Operated" }));
  await world.signIn("una", ["engineering"]);
  const asked = await world.as("una", "request", "operated", "--no-launch");
  expect([asked.exit, asked.stderr]).toEqual([0, expect.any(String)]);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
afterEach(async () => {
  for (const { context } of people.splice(0)) await context.close();
});

async function arrive(link: string): Promise<Person> {
  const person = await personWith(browser, { viewport: { width: 1280, height: 860 } });
  people.push(person);
  await signIn(person, link);
  return person;
}

async function operate(path: string, heading: string): Promise<Person> {
  const person = await arrive((await world.guise("open")).stdout.trim());
  await goTo(person.page, path);
  await person.page.getByRole("heading", { name: heading, level: 1 }).waitFor();
  return person;
}

const goTo = (page: Page, path: string) => page.goto(new URL(path, page.url()).href);

/** Entries of acts of that name, as text. */
async function auditOf(page: Page, action: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let cursor = ""; ; ) {
    const { items, next } = await page.evaluate(
      async (url) => (await fetch(url)).json() as Promise<{ items: { action: string }[]; next?: string }>,
      `/v1/audit?limit=500${cursor}`,
    );
    found.push(...items.filter((entry) => entry.action === action).map((entry) => JSON.stringify(entry)));
    if (next === undefined) return found;
    cursor = `&cursor=${next}`;
  }
}

test("somebody's workspace is found and paused with a reason, which its person reads and the audit keeps", async () => {
  const { page, faults } = await operate("/operations/workspaces", "Workspaces of everybody");
  await page.getByRole("textbox", { name: "Person, persona or id" }).fill(`una-${mark}`);
  const row = page.getByRole("row").filter({ hasText: `una-${mark}` });
  await row.getByText("ready", { exact: true }).waitFor();
  expect(await page.getByRole("row").count()).toBe(2);
  await expectAccessible(page, "workspaces of everybody");
  await page.getByRole("button", { name: "Person", exact: true }).click();
  await page.getByRole("columnheader", { name: "Person" }).and(page.locator('[aria-sort="ascending"]')).waitFor();
  // What is looked at has an address.
  expect(new URL(page.url()).search).toContain(`search=una-${mark}`);
  expect(new URL(page.url()).search).toContain("order=owner");

  await row.getByRole("button", { name: /^Stop Operated of una/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^Kept: The home with its files/).waitFor();
  await expectAccessible(page, "a stop that is asked about");
  await dialog.getByRole("button", { name: "Pause", exact: true }).click();
  await dialog.getByText("It needs a reason: its person reads it.").waitFor();
  await dialog.getByRole("textbox", { name: "Why" }).fill("the disk is changed at noon");
  await dialog.getByRole("button", { name: "Pause", exact: true }).click();
  await row.getByText("paused", { exact: true }).waitFor({ timeout: 60_000 });
  await row.getByText(/an operator: the disk is changed at noon/).waitFor();

  expect((await world.as("una", "ps")).stdout).toContain("the disk is changed at noon");
  expect(await auditOf(page, "suspend_workspace")).toContainEqual(expect.stringContaining("the disk is changed at noon"));
  expect(faults).toEqual([]);
});

test("an account is made in a group, its link signs in once, and it sees nothing of operators; tables are downloaded", async () => {
  const { page, faults } = await operate("/operations/people", "People");
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill(`made-${mark}`);
  await page.getByRole("button", { name: "Make the group" }).click();
  await page.getByRole("table", { name: "Groups" }).getByText(`made-${mark}`).waitFor();

  await page.getByRole("button", { name: "New account" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Account" }).fill(`Ida ${mark}`);
  await dialog.getByRole("button", { name: "Make the account" }).click();
  await dialog.getByText("Lower-case letters, digits and inner hyphens, at most 63.").waitFor();
  await dialog.getByRole("textbox", { name: "Account" }).fill(`ida-${mark}`);
  await dialog.getByRole("textbox", { name: "Name" }).fill('=SUM(1,2) "Ida"');
  await dialog.getByRole("checkbox", { name: `made-${mark}` }).check();
  await expectAccessible(page, "a new account");
  await dialog.getByRole("button", { name: "Make the account" }).click();
  const link = (await dialog.getByText(/\/sign-in#code=/).textContent()) ?? "";
  await expectAccessible(page, "the way in of a new account");
  await dialog.getByRole("button", { name: "Done" }).click();
  await page
    .getByRole("table", { name: "Groups" })
    .getByRole("row")
    .filter({ hasText: `made-${mark}` })
    .getByText(`ida-${mark}`)
    .waitFor();
  await expectAccessible(page, "people and groups");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as CSV: People" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^guise-people-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).split("\r\n");
  expect(lines[0]).toBe("\u{feff}Account,Name,E-mail,Roles,Groups,Signing in");
  expect(lines).toContain(`ida-${mark},"'=SUM(1,2) ""Ida""",,person,made-${mark},allowed`);
  expect(faults).toEqual([]);

  const ida = await arrive(link);
  const asked: string[] = [];
  ida.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await goTo(ida.page, "/operations/people");
  await ida.page.getByText("This is for operators: your account does not have that role.").waitFor();
  expect(await ida.page.getByRole("link", { name: "Operations" }).count()).toBe(0);
  expect(asked.filter((path) => /accounts|groups|images|homes|status/.test(path))).toEqual([]);
  for (const path of ["/v1/accounts", "/v1/groups", "/v1/images", "/v1/status", "/v1/workspaces?all=true", "/v1/homes?all=true"])
    expect([path, await ida.page.evaluate(async (url) => (await fetch(url)).status, path)]).toEqual([path, 403]);
});

test("homes, images, usage and capacity are looked at without a violation of axe's rules, also on a small screen", async () => {
  const { page, faults } = await operate("/operations/homes", "Homes of everybody");
  await page.getByRole("table", { name: "Homes" }).getByText(`una-${mark}`).waitFor();
  await expectAccessible(page, "homes of everybody");
  await page.setViewportSize({ width: 360, height: 780 });
  for (const [name, heading] of [
    ["Images", "Images"],
    ["Usage over time", "Usage over time"],
    ["Capacity and queue", "Operations"],
    ["Workspaces", "Workspaces of everybody"],
  ] as const) {
    await page.getByRole("navigation", { name: "Operations" }).getByRole("link", { name }).click();
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    await page.waitForLoadState("networkidle").catch(() => {});
    await expectAccessible(page, `${name}, 360 px`);
    expect([name, await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)]).toEqual([name, true]);
  }
  expect(faults).toEqual([]);
});
