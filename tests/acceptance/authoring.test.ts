import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { expectAccessible, openBrowser, type Person, personWith, signIn } from "./support/browser.ts";
import { tinyPersona, World } from "./support/world.ts";

/**
 * A persona made in the form, changed in its JSON, and opened, in a real Chromium on the real engine.
 * Slow: an image is built twice, and the package lists of the distribution are read.
 */
let world: World;
let browser: Browser;
let person: Person | undefined;

beforeAll(async () => {
  world = await World.open();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
afterEach(async () => {
  await world.guise("release", "log-reader");
  await person?.context.close();
});

async function arrive(): Promise<Person> {
  const arrived = await personWith(browser, { viewport: { width: 1280, height: 900 } });
  await signIn(arrived, (await world.as("owner", "open")).stdout.trim());
  return arrived;
}

async function add(page: Page, words: string, found: RegExp): Promise<void> {
  await page.getByLabel("Add an application or a package").fill(words);
  await page.getByRole("list", { name: "Found" }).getByRole("button", { name: found }).click({ timeout: 120_000 });
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** The draft as the tab keeps it: the editor draws only the lines that are looked at. */
async function draftOf(page: Page, persona = ""): Promise<unknown> {
  const text = await page.evaluate((key) => sessionStorage.getItem(key), `guise.editing.${persona}`);
  return JSON.parse(text ?? "{}");
}

test("made in the form alone, with an application of the catalog, its settings, a package that was searched for, a port, a check, and an environment", async () => {
  person = await arrive();
  const { page, faults } = person;
  await page.getByRole("link", { name: "Authoring" }).click();
  await page.getByRole("link", { name: "New persona" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Log Reader");
  await expect.poll(() => page.getByLabel("Name in commands and addresses").inputValue()).toBe("log-reader");
  await page.getByLabel("What it is for").fill("Logs, read and counted.");
  await add(page, "micro", /^Micro/i);
  // Of the distribution's own lists, by what is said of it there.
  await add(page, "lightweight command-line JSON processor", /^apt:jq\b/);
  await page.getByRole("checkbox", { name: /opens by itself$/ }).check();
  await page.getByRole("button", { name: "Settings of Micro" }).click();
  await page.getByRole("textbox", { name: "tab size" }).or(page.getByLabel("tab size")).first().fill("3");
  await page.getByText("Small", { exact: true }).click();
  await page.getByLabel("A further one").fill("WHERE");
  await page.getByLabel("A further one").press("Enter");
  await page.getByLabel("Value of WHERE").fill("everywhere");
  await page.getByRole("textbox", { name: "Ask for" }).fill("region");
  await page.getByRole("textbox", { name: "Ask for" }).press("Enter");
  await page.getByRole("group", { name: "Parameter region" }).getByLabel("Without an answer").fill("EU");
  await page.getByRole("button", { name: "Add a server" }).click();
  const server = page.getByRole("group", { name: "Server 1" });
  await server.getByRole("textbox", { name: "Port" }).fill("80");
  await server.getByText("80 is too small").waitFor({ timeout: 30_000 });
  await server.getByRole("textbox", { name: "Port" }).fill("8000");
  await server.getByRole("textbox", { name: "What it is called" }).fill("Preview");
  await page.getByRole("button", { name: "Add a check" }).click();
  const check = page.getByRole("group", { name: "Check 1" });
  await check.getByRole("textbox", { name: "Command" }).fill("echo '[1, 2]' | jq length");
  await check.getByRole("checkbox", { name: "It must print a certain text" }).check();
  await check.getByRole("textbox", { name: "All that it prints" }).fill("2");
  await page.getByRole("button", { name: "Otherwise in some environment" }).click();
  await page.getByLabel("Its name").fill("staging");
  await page.getByRole("button", { name: "Add", exact: true }).first().click();
  await page.getByLabel("Value of WHERE").waitFor({ state: "detached" });
  await page.getByLabel("A further one").fill("WHERE");
  await page.getByLabel("A further one").press("Enter");
  await page.getByLabel("Value of WHERE").fill("in staging");
  await choose(page, "Priority when room is short", "low");
  expect(await draftOf(page)).toMatchObject({
    persona_id: "log-reader",
    required_applications: ["micro", "apt:jq"],
    launch: ["micro"],
    application_configuration: { micro: { tab_size: 3 }, variables: { WHERE: "everywhere" } },
    parameters: { region: { type: "string", default: "EU" } },
    ports: [{ port: 8000, name: "Preview" }],
    checks: [{ run: "echo '[1, 2]' | jq length", expect: { stdout: "2" } }],
    environments: {
      staging: { application_configuration: { variables: { WHERE: "in staging" } }, priority: "low" },
    },
  });
  await page.getByRole("tab", { name: "What one gets" }).click();
  await page.getByRole("cell", { name: "in staging" }).waitFor({ timeout: 30_000 });
  await expectAccessible(page, "the form with its preview");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "the form, dark");
  await page.emulateMedia({ colorScheme: "light" });

  // A reload finds the draft again.
  await page.reload();
  await page.getByText("This draft was begun before.").waitFor();
  await page.getByText(/^It is valid/).waitFor({ timeout: 60_000 });
  const owner = page.getByRole("combobox", { name: "Owned by" });
  if (await owner.isVisible()) {
    await owner.click();
    await page.getByRole("option").first().click();
  }
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("heading", { name: "Version 1" }).waitFor();
  await page.getByRole("cell", { name: "usable" }).waitFor({ timeout: 300_000 });
  const seen = await world.guise("run", "log-reader", "--environment", "staging", "--", "sh", "-c", 'echo "$WHERE"; echo {} | jq -c .');
  expect(seen.stdout).toBe("in staging\n{}\n");
  expect(faults).toEqual([]);
});

test("a new version in the JSON: proposed, told where it is wrong, and what it newly may in sentences", async () => {
  person = await arrive();
  const { page, faults } = person;
  await world.publish(tinyPersona({ persona_id: "changed", persona_name: "Changed" }));
  await page.goto(new URL("/authoring/changed", page.url()).href);
  await page.getByRole("link", { name: "Change it" }).click();
  const editor = page.locator(".cm-content");
  await editor.waitFor();
  await editor.getByText('"persona_name"').click();
  await page.keyboard.press("Home");
  await page.keyboard.type('"pri');
  await page.getByRole("option", { name: "priority" }).click();
  await page.keyboard.type("higj");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type(",");
  await page.getByRole("alert").filter({ hasText: "priority" }).filter({ hasText: "perhaps high" }).waitFor({ timeout: 30_000 });
  await page.locator(".cm-lintRange-error").first().waitFor();
  await editor.getByText('"higj"').dblclick();
  await page.keyboard.type("low");
  await expect.poll(() => draftOf(page, "changed").catch(() => ({})), { timeout: 20_000 }).toMatchObject({ priority: "low" });
  // The form shows what the JSON says.
  expect(await page.getByRole("combobox", { name: "Priority when room is short" }).inputValue()).toBe("low");
  await page.getByLabel("Cpu, at most").fill("2");
  await page.getByRole("tab", { name: "What is new" }).click();
  await page.getByText("may be resized to 2 cpu").waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("heading", { name: "Version 2" }).waitFor();
  expect(faults).toEqual([]);
});
