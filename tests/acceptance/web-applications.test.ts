import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible, openBrowser, type Person, personWith, signIn } from "./support/browser.ts";
import { World } from "./support/world.ts";

/**
 * Web applications in the portal's page, each at an origin of its own, in a real Chromium that keeps third-party cookies out.
 * Slow: JupyterLab is started, paused and resumed, and its image is built where no file did so before.
 */
const PERSONAS = join(import.meta.dirname, "..", "..", "personas");
const WEB = join(import.meta.dirname, "web");
const PORTAL = `http://guise.localhost:${World.port}`;

let world: World;
let browser: Browser;
const people: Person[] = [];

beforeAll(async () => {
  world = await World.shared();
  const analyst = JSON.parse(readFileSync(join(PERSONAS, "data-analyst.json"), "utf8")) as Record<string, unknown>;
  const server = (name: string, port: number) => ({
    kind: "web",
    command: ["python3", "hostile.py", name, String(port)],
    port,
    ready_path: "/alive",
  });
  // With programs of its own, on the image of the sample.
  await world.publish({
    ...analyst,
    persona_id: "browsing",
    persona_name: "Browsing",
    applications: { hostile: server("hostile", 8101), victim: server("victim", 8102) },
    launch: [],
  });
  await world.guise("persona", "publish", join(PERSONAS, "data-analyst.json"), "--group", "analytics");
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
afterEach(async () => {
  for (const { context } of people.splice(0)) await context.close();
  for (const persona of ["browsing", "data-analyst"]) await world.guise("release", persona, "--with-home");
});

async function arrive(): Promise<Person> {
  const person = await personWith(browser, { viewport: { width: 1280, height: 860 } });
  people.push(person);
  await signIn(person, (await world.guise("open")).stdout.trim());
  return person;
}

/** The workspace's page, with its id. */
async function open({ page }: Person, persona = "Browsing"): Promise<string> {
  await page.getByRole("button", { name: `Open ${persona}`, exact: true }).click({ timeout: 300_000 });
  await page.getByRole("button", { name: "Open Shell" }).waitFor({ timeout: 60_000 });
  return /w-[a-z2-7]{20}/.exec(page.url())?.[0] ?? expect.fail(`no workspace in ${page.url()}`);
}

/** The notebook, in JupyterLab's list of files. */
const LISTED = '.jp-DirListing-item:has-text("Untitled.ipynb")';

const frameOf = (page: Page, name: string): FrameLocator => page.frameLocator(`iframe[title="${name}"]`);

async function begin({ page }: Person, name: string): Promise<FrameLocator> {
  await page.getByRole("button", { name: `Open ${name}` }).click();
  await page.locator(`iframe[title="${name}"]`).waitFor({ timeout: 120_000 });
  return frameOf(page, name);
}

test("a notebook opens by itself: a cell with a plot, saved; after a pause it is open again, also in a window of its own", async () => {
  const person = await arrive();
  const { page } = person;
  const id = await open(person, "Data Analyst");
  const lab = frameOf(page, "JupyterLab");
  await lab.locator('[data-category="Notebook"]').first().click({ timeout: 60_000 });
  await lab.getByText("Python 3 (ipykernel) | Idle").waitFor({ timeout: 60_000 });
  await lab.locator(".cm-content").first().click();
  await page.keyboard.type("import matplotlib.pyplot as plt; plt.plot([1, 4, 2]); print(6 * 7)");
  await page.keyboard.press("Shift+Enter");
  await lab.getByText("42", { exact: true }).waitFor({ timeout: 60_000 });
  await lab.locator(".jp-OutputArea img").waitFor({ timeout: 60_000 });
  await page.keyboard.press("Control+s");
  // It asks for a name the first time.
  await lab.locator(".jp-Dialog .jp-mod-accept").click();
  const saved = () => world.guise("exec", id, "--", "sh", "-c", "grep -c image/png ~/work/Untitled.ipynb");
  await expect.poll(async () => (await saved()).stdout.trim(), { timeout: 15_000 }).toBe("1");
  await expectAccessible(page, "a web application");

  const [own] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "In a window of its own" }).click()]);
  await own.locator(LISTED).waitFor({ timeout: 60_000 });
  expect([new URL(own.url()).origin, await own.evaluate(() => window.opener)]).toEqual([
    `http://jupyterlab--${id}.localhost:${World.port}`,
    null,
  ]);
  await own.close();

  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("dialog").getByText("Opened again when you resume: JupyterLab.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused: nothing of it runs").waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "Resume" }).click();
  await frameOf(page, "JupyterLab").locator(LISTED).waitFor({ timeout: 90_000 });
});

describe("a hostile application", () => {
  test("and its page reach neither the portal nor another application, and find nothing of Guise's", async () => {
    const person = await arrive();
    const { page, context } = person;
    const id = await open(person);
    for (const [file, name] of [
      ["hostile.py", "hostile.py"],
      ["hostile.html", "page.html"],
    ] as const)
      expect((await world.guise("cp", join(WEB, file), `${id}:${name}`)).exit).toBe(0);
    const victim = await begin(person, "victim");
    await victim.getByText("victim at /").waitFor();
    const hostile = await begin(person, "hostile");
    await hostile.getByText("hostile at /").waitFor();
    const originOf = (name: string) => `http://${name}--${id}.localhost:${World.port}`;
    const facts = encodeURIComponent(JSON.stringify({ portal: PORTAL, victim: originOf("victim"), workspace: id }));
    await page.frame({ url: new RegExp(`^${originOf("hostile")}`) })?.evaluate((to) => location.assign(to), `/page.html#${facts}`);
    await hostile.getByText("done").waitFor({ timeout: 60_000 });
    const told = async (port: number, path: string) =>
      JSON.parse(
        (
          await world.guise(
            "exec",
            id,
            "--",
            "python3",
            "-c",
            `import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:${port}${path}").read().decode())`,
          )
        ).stdout,
      ) as never;
    expect(await told(8101, "/got")).toEqual({
      // Its own, and of that what its pages may see.
      cookie: "tossed=1",
      parent: "refused: SecurityError",
      portal: "refused: TypeError",
      "portal, as it is": expect.stringMatching(/^opaque 0 $|^refused/),
      act: "refused: TypeError",
      simple: expect.stringMatching(/^opaque 0 $|^refused/),
      live: "refused",
      "portal in a frame": expect.stringMatching(/^(?:refused|nothing|read nothing)/),
      victim: "refused: TypeError",
      "victim, as it is": expect.stringMatching(/^opaque 0 $|^refused/),
      "victim's change": expect.stringMatching(/^opaque 0 $|^refused/),
      "victim's socket": "refused",
      "victim in a frame": expect.stringMatching(/^(?:refused|nothing|read nothing)/),
      worker: expect.stringMatching(/^refused/),
      top: expect.stringMatching(/^refused/),
      "a second ticket": "nothing",
    });
    const seen = (await told(8102, "/seen")) as readonly [string, string, Record<string, string>][];
    expect(seen.map(([, path]) => path)).toEqual(["/"]);
    expect(JSON.stringify(seen)).not.toContain("tossed");
    const all = JSON.stringify([seen, await told(8101, "/seen")]);
    expect(all).not.toMatch(/__host-guise|bearer/i);
    const cookies = await context.cookies();
    for (const { name, value } of cookies.filter((cookie) => cookie.name.startsWith("__Host-guise")))
      expect([name, all.includes(value)]).toEqual([name, false]);
    // The portal is still there, says that the page asks for more, and its workspace still runs.
    await page.getByText("hostile asks to be opened once more").waitFor();
    expect(new URL(page.url()).origin).toBe(PORTAL);
    expect(JSON.parse((await world.guise("ps", "--json")).stdout)).toMatchObject([{ workspace_id: id, state: "ready" }]);
  });

  test("opens in no browser that did not come by the portal, and not after the release", async () => {
    const person = await arrive();
    const id = await open(person);
    expect((await world.guise("cp", join(WEB, "hostile.py"), `${id}:hostile.py`)).exit).toBe(0);
    await (await begin(person, "victim")).getByText("victim at /").waitFor();
    const origin = `http://victim--${id}.localhost:${World.port}`;
    const stranger = await personWith(browser);
    people.push(stranger);
    await stranger.page.goto(`${origin}/read`);
    await stranger.page.getByText("This application opens from its workspace.").waitFor();
    expect(await stranger.page.getByRole("link", { name: "Open it in Guise" }).getAttribute("href")).toBe(`${PORTAL}/workspaces/${id}`);
    // In the same browser, beside the portal's page: what is framed there is no sign-in here.
    const beside = await person.context.newPage();
    await beside.goto(`${origin}/read`);
    await beside.getByText("This application opens from its workspace.").waitFor();
    await world.guise("release", id);
    await person.page.reload();
    await beside.reload();
    await beside.getByText("This application opens from its workspace.").waitFor();
  });
});

test("a server of one's own, on either loopback address, is noticed and opens in the page and at a port of the person's machine", async () => {
  const person = await arrive();
  const { page } = person;
  const id = await open(person);
  const serve = (port: number, address: string) => `nohup python3 -m http.server ${port} --bind ${address} >/dev/null 2>&1 &`;
  await world.guise("exec", id, "--", "sh", "-c", `echo ready > mine.txt; ${serve(5173, "::1")} ${serve(5174, "127.0.0.1")}`);
  await page.getByRole("button", { name: "Open port 5174" }).waitFor();
  await page.getByRole("button", { name: "Open port 5173" }).click();
  const listing = frameOf(page, "Port 5173");
  await listing.getByRole("link", { name: "mine.txt" }).click({ timeout: 30_000 });
  await listing.getByText("ready").waitFor();
  await expectAccessible(page, "a port");
  const forwarding = world.begin("owner", "forward", id, "5173", "--port", "0");
  const { port } = await forwarding.matched(/127\.0\.0\.1:(?<port>\d+) leads to port 5173/);
  expect(await (await fetch(`http://127.0.0.1:${port}/mine.txt`)).text()).toBe("ready\n");
  forwarding.interrupt();
  expect((await forwarding.ended).exit).toBe(0);
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("tab", { name: "Port 5173" }).waitFor({ state: "detached" });
  // The command's link leads a browser that never was here to the same.
  const elsewhere = await personWith(browser, { viewport: { width: 1280, height: 860 } });
  people.push(elsewhere);
  await elsewhere.page.goto((await world.guise("open", id, "--port", "5173")).stdout.trim());
  await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
  await frameOf(elsewhere.page, "Port 5173").getByRole("link", { name: "mine.txt" }).waitFor({ timeout: 30_000 });
});
