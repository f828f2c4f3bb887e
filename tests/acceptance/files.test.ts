import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, openBrowser, type Person, personWith, signIn } from "./support/browser.ts";
import { smallPdf } from "./support/small-pdf.ts";
import { tinyPersona, World } from "./support/world.ts";

/** Slow: an image is built, and folders go both ways in a real browser. */
let world: World;
let browser: Browser;
let person: Person;
const folder = mkdtempSync(join(tmpdir(), "guise-files-"));

const SETUP = `mkdir -p pick/work/deep pick/secret && cd pick
echo 1 > work/deep/Zwölf.txt; echo 2 > two.txt; echo no > other.txt
echo x > locked; chmod 000 locked; echo x > secret/in; chmod 000 secret
ln -s /etc/passwd link; printf x > 'back\\slash'
perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("sock")) or die'`;

beforeAll(async () => {
  world = await World.shared();
  await world.publish(tinyPersona({ persona_id: "filing", persona_name: "Filing" }));
  browser = await openBrowser();
  person = await personWith(browser);
  await signIn(person, (await world.as("owner", "open")).stdout.trim());
  const { page } = person;
  await page.getByRole("button", { name: /^Open Filing/ }).click({ timeout: 300_000 });
  await page.getByRole("tab", { name: "Files" }).click({ timeout: 60_000 });
});
afterAll(async () => {
  await browser?.close();
  await world?.guise("release", "filing");
  await world?.close();
  rmSync(folder, { recursive: true });
});

function inside(script: string) {
  return world.guise("exec", "filing", "--", "sh", "-c", script);
}

test("a selection comes as one zip; what is unreadable, a socket and a link are named in it", async () => {
  const { page } = person;
  expect((await inside(SETUP)).exit).toBe(0);
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("button", { name: "pick", exact: true }).click();
  await page.getByRole("checkbox", { name: "Choose all" }).check();
  await page.getByRole("checkbox", { name: "Choose other.txt" }).uncheck();
  await page.getByText("7 chosen").waitFor();
  await expectAccessible(page, "a selection");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download as zip" }).click()]);
  expect(download.suggestedFilename()).toBe("pick.zip");
  const read =
    "import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n" +
    "print(json.dumps({i.filename: z.read(i).decode() for i in z.infolist()}))";
  const { "not-included.txt": told, ...rest } = JSON.parse(
    execFileSync("python3", ["-c", read, await download.path()], { encoding: "utf8" }),
  ) as Record<string, string>;
  expect(rest).toEqual({ "work/": "", "work/deep/": "", "work/deep/Zwölf.txt": "1\n", "two.txt": "2\n", back_slash: "x" });
  expect(told?.trim().split("\n").slice(2).sort()).toEqual([
    "back\\slash: is here as back_slash",
    "link: a link, which would lead elsewhere where it is unpacked",
    "locked: its own owner may not read it",
    "secret: its own owner may not look into it",
    "sock: a socket, which is no file",
  ]);
  await page.getByRole("button", { name: "Choose none" }).click();
  await page.getByRole("button", { name: "More for two.txt" }).click();
  await page.getByRole("menuitem", { name: "Checksum" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(createHash("sha256").update("2\n").digest("hex")).waitFor();
  await expectAccessible(page, "a checksum");
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByText("7 chosen").waitFor({ state: "detached" });
});

test("a folder that is dropped comes with all below it, empty folders too, and its progress is that of the whole", async () => {
  const { page, context } = person;
  const tree = join(folder, "dropped");
  mkdirSync(join(tree, "a", "empty"), { recursive: true });
  for (let count = 0; count < 30; count++) writeFileSync(join(tree, "a", `file ${count}`), `content ${count}\n`);
  writeFileSync(join(tree, "ü.txt"), "top\n");
  const session = await context.newCDPSession(page);
  const region = await page.getByRole("region", { name: "Files" }).boundingBox();
  const at = { x: (region?.x ?? 0) + 50, y: (region?.y ?? 0) + 20 };
  const data = { items: [], files: [tree], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) await session.send("Input.dispatchDragEvent", { type, ...at, data });
  await page.getByText(/^31 of 31 files, /).waitFor({ timeout: 60_000 });
  await expectAccessible(page, "a folder that was dropped");
  const found = await inside("cd pick/dropped && find . | sort | wc -l && ls -d a/empty && cat 'a/file 29' ü.txt");
  expect(found.stdout).toBe("34\na/empty\ncontent 29\ntop\n");
  expect(person.faults).toEqual([]);
});

test("a PDF is looked at as pictures of its pages; it runs nothing and calls nobody", async () => {
  const { page } = person;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).host));
  const file = join(folder, "paper.pdf");
  writeFileSync(file, smallPdf("Quarterly figures", "http://elsewhere.test/told"));
  await page.locator('input[type="file"]').first().setInputFiles(file);
  await page.getByRole("button", { name: "paper.pdf", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Quarterly figures").waitFor({ state: "attached" });
  const sheet = dialog.getByRole("img", { name: "Page 1 of 1" });
  const red = await sheet.evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    return [...(canvas.getContext("2d")?.getImageData(width * 0.3, height * 0.35, 1, 1).data ?? [])];
  });
  expect(red).toEqual([255, 0, 0, 255]);
  await expectAccessible(page, "a PDF that is looked at");
  await dialog.getByRole("button", { name: "Close" }).click();
  expect(new Set(asked)).toEqual(new Set([new URL(page.url()).host]));
  expect(await page.evaluate(() => "ran" in window)).toBe(false);
  expect(person.faults).toEqual([]);
});
