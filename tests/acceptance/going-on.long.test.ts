import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openBrowser, type Person, personWith, signIn } from "./support/browser.ts";
import { randomFile } from "./support/random-file.ts";
import { Wire } from "./support/wire.ts";
import { type WentOn, WorkInOnePage } from "./support/work-in-one-page.ts";
import { World } from "./support/world.ts";

/**
 * What is open in a page goes on through everything that comes between the person and the workspace, within 5 s and without loss.
 * Slow: a notebook and a window are built into an image, and 1 GiB is sent.
 */
const NAME = "large.bin";
/** Ms; how long each took is printed. */
const BAR = 5_000;

let world: World;
let wire: Wire;
let browser: Browser;
let folder: string;
const people: Person[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "guise-going-on-"));
  wire = await Wire.to(World.port);
  world = await World.open({ variables: { GUISE_ORIGIN: `http://guise.localhost:${wire.port}` } });
  await world.publish(WorkInOnePage.persona());
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
  await wire?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const { context } of people.splice(0)) await context.close();
  await world.guise("release", "busy", "--with-home");
});

async function begin(mebibytes: number) {
  const file = join(folder, NAME);
  const digest = await randomFile(file, mebibytes);
  const person = await personWith(browser, { viewport: { width: 1280, height: 860 } });
  people.push(person);
  await signIn(person, (await world.guise("open")).stdout.trim());
  return { person, digest, work: await WorkInOnePage.begin(person, world, file) };
}

function told(what: string, took: WentOn): void {
  const each = Object.entries(took).map(([name, ms]) => `${name} ${(ms / 1000).toFixed(2)} s`);
  process.stdout.write(`going on after ${what}: ${each.join(", ")}\n`);
}

test("a killed and restarted Guise", async () => {
  const { work, digest } = await begin(1024);
  await world.kill();
  const shown = await work.changeWhileLost();
  await world.start();
  const took = await work.goesOn(shown);
  told("a killed and restarted Guise", took);
  await work.expectWhole();
  await work.expectUploaded(NAME, digest);
  expect(Math.max(...Object.values(took))).toBeLessThan(BAR);
});

test("a network that was away, and is another", async () => {
  const { person, work, digest } = await begin(512);
  await person.context.setOffline(true);
  wire.cut();
  const shown = await work.changeWhileLost();
  wire.mend();
  await person.context.setOffline(false);
  const took = await work.goesOn(shown);
  told("a lost network", took);
  await work.expectWhole();
  await work.expectUploaded(NAME, digest);
  expect(Math.max(...Object.values(took))).toBeLessThan(BAR);
});
