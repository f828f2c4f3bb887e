import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { expectAccessible, openBrowser, type Person, personWith, signIn, TerminalOnPage } from "./support/browser.ts";
import { DisplayOnPage } from "./support/display-on-page.ts";
import { tinyPersona, World } from "./support/world.ts";

/**
 * Desktop applications in the portal's page, of a package outside the catalog: its windows are known only when it is installed.
 * Slow: the image with a display is built where no file did so before, and Guise is killed and started again.
 */
let world: World;
let browser: Browser;
const people: Person[] = [];
const NOTES = "/home/user/notes.txt";

beforeAll(async () => {
  world = await World.open();
  await world.publish(writer({ persona_id: "writer", persona_name: "Writer" }));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
afterEach(async () => {
  for (const { context } of people.splice(0)) await context.close();
  await world.guise("release", "writer", "--with-home");
});

function writer(over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return tinyPersona({
    required_applications: ["apt:l3afpad"],
    application_configuration: {},
    applications: { notes: { kind: "desktop", name: "Notes", command: ["l3afpad", "notes.txt"] } },
    resource_requirements: { cpu: "1", ram: "512Mi", storage: "256Mi", network_bandwidth: "50Mbit" },
    environments: {},
    launch: ["notes"],
    ...over,
  });
}

async function arrive(viewport = { width: 1280, height: 860 }, deviceScaleFactor = 1): Promise<Person> {
  const permissions = ["clipboard-read", "clipboard-write"];
  const person = await personWith(browser, { viewport, deviceScaleFactor, permissions });
  people.push(person);
  await signIn(person, (await world.guise("open")).stdout.trim());
  return person;
}

/** The workspace's page, with its id. What its persona launches opens by itself. */
async function open({ page }: Person, persona = "Writer"): Promise<string> {
  await page.getByRole("button", { name: `Open ${persona}`, exact: true }).click({ timeout: 300_000 });
  await page.getByRole("tab", { name: "Notes" }).waitFor({ timeout: 60_000 });
  return /w-[a-z2-7]{20}/.exec(page.url())?.[0] ?? expect.fail(`no workspace in ${page.url()}`);
}

const contentOf = async (id: string) => (await world.guise("exec", id, "--", "cat", NOTES)).stdout;
/** What is pasted comes a moment after the key: it is saved until it is there. */
const saved = (display: DisplayOnPage, id: string) => {
  const content = async () => {
    await display.press("Control+s");
    return contentOf(id);
  };
  return expect.poll(content, { timeout: 20_000, interval: 250, message: "what is in the file" });
};

test("a window opens by itself, takes any letter, and what is copied goes both ways; after a pause, and in another size, it is there again", async () => {
  const person = await arrive();
  const { page } = person;
  const id = await open(person);
  let display = await DisplayOnPage.on(page);
  await display.fills();
  await display.type("Hello, {world}!\n");
  await display.compose("日本語 äß€Ωя");
  await display.press("Enter");
  await page.evaluate(() => navigator.clipboard.writeText("from outside: ünï 🎉"));
  await display.press("Control+v");
  await saved(display, id).toBe("Hello, {world}!\n日本語 äß€Ωя\nfrom outside: ünï 🎉");

  await display.press("Control+a");
  await display.press("Control+c");
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied, { timeout: 10_000 }).toContain("日本語 äß€Ωя\nfrom outside");
  await expectAccessible(page, "a desktop application");

  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("dialog").getByText("Opened again when you resume: Notes.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused: nothing of it runs").waitFor({ timeout: 30_000 });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("button", { name: "Resume" }).click();
  display = await DisplayOnPage.on(page);
  await display.fills();
  await display.press("Control+End");
  await display.type("\nagain");
  await saved(display, id).toMatch(/🎉\nagain$/);
  expect(person.faults).toEqual([]);
});

test("it is sharp on a screen with more points, and goes on through a reload and through Guise's own end", async () => {
  const person = await arrive({ width: 1000, height: 700 }, 2);
  const { page } = person;
  const id = await open(person);
  let display = await DisplayOnPage.on(page);
  await display.fills();
  await display.type("before");
  await page.reload();
  display = await DisplayOnPage.on(page);
  await display.type(" reload");
  // A key that is on its way when Guise ends is lost, as one is that nobody heard.
  await saved(display, id).toBe("before reload");
  await world.kill();
  await page.getByText("The connection was lost; it is being made again").waitFor({ timeout: 30_000 });
  await world.start();
  display = await DisplayOnPage.on(page);
  await display.type(" kill");
  await saved(display, id).toBe("before reload kill");
});

test("a persona that lets neither text nor files in or out has no way for them, and is worked in all the same", async () => {
  await world.publish(
    writer({ persona_id: "sealed", persona_name: "Sealed", access_controls: { clipboard: "none", file_transfer: "none" } }),
  );
  const person = await arrive();
  const { page } = person;
  const id = await open(person, "Sealed");
  const display = await DisplayOnPage.on(page);
  await page.evaluate(() => navigator.clipboard.writeText("outside"));
  await display.press("Control+v");
  await display.type("inside");
  await display.press("Control+a");
  await display.press("Control+c");
  await display.press("End");
  await display.type(" more");
  await display.press("Control+s");
  await page.getByRole("tab", { name: "Applications" }).click();
  await page.getByRole("button", { name: "Open Shell" }).click();
  const shell = await TerminalOnPage.on(page);
  await shell.type("until grep -q more notes.txt; do sleep 0.1; done; cat notes.txt; printf '\\033]52;c;c2VjcmV0\\007'; echo end''ed\n");
  await shell.shows("ended");
  await shell.shows(/^inside more/m);
  expect((await shell.rows()).join("\n")).not.toContain("outside");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("outside");
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByText("gives no files out").waitFor();
  expect(await page.getByRole("button", { name: "Upload" }).count()).toBe(0);

  const mine = world.file("mine.txt", "mine");
  for (const args of [
    ["cp", `${id}:notes.txt`, world.path("theirs.txt")],
    ["cp", mine, `${id}:mine.txt`],
    ["exec", id, "--", "cat", "notes.txt"],
    ["ssh-proxy", `guise-${id}`],
  ]) {
    const { exit, stderr } = await world.guise(...args);
    expect([args[0], exit, stderr]).toEqual([args[0], 3, expect.stringMatching(/Sealed|Its persona limits/)]);
  }
  expect((await world.guise("run", "sealed", "-n", "other", "-o", world.path("out"), "--", "true")).exit).not.toBe(0);
  await world.guise("release", "sealed", "--with-home");
});

test("a hostile display is left, and the workspace goes on", async () => {
  const person = await arrive();
  const { page } = person;
  const id = await open(person);
  await DisplayOnPage.on(page);
  const hostile = `cd /run/guise/launches/*/ && rm rfb && exec perl -MIO::Socket::UNIX -e '$SIG{PIPE} = "IGNORE";
    my $s = IO::Socket::UNIX->new(Local => "rfb", Listen => 5); while (my $c = $s->accept) { $asked++; open my $f, ">", "/tmp/asked"; print $f $asked; close $f;
    print $c "RFB 003.008\\n", "\\1\\1", "\\0" x 4, "\\2\\0\\2\\0", "\\x20\\x18\\0\\1\\0\\xff\\0\\xff\\0\\xff\\x10\\x08\\0\\0\\0\\0", "\\xff" x 4, "x" x 1e7; }'`;
  const serving = world.begin("owner", "exec", id, "--", "sh", "-c", hostile);
  const asked = () => world.guise("exec", id, "--", "sh", "-c", "cat /tmp/asked 2> /dev/null");
  await page.reload();
  await page.getByText("The connection was lost; it is being made again").waitFor({ timeout: 30_000 });
  await expect.poll(async () => Number((await asked()).stdout), { timeout: 20_000 }).toBeGreaterThan(1);
  await page.getByRole("button", { name: "Open Shell" }).click();
  await page.getByRole("tabpanel").filter({ visible: true }).locator(".xterm").waitFor({ timeout: 20_000 });
  serving.interrupt();
  await serving.ended;
});
