import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { openBrowser, type Person, personWith, signIn } from "./browser.ts";
import { randomFile } from "./random-file.ts";
import { SentPieces } from "./sent-pieces.ts";
import { Wire } from "./wire.ts";
import { tinyPersona, World } from "./world.ts";

const NAME = "large ü.bin";

/** A person's upload of that many MiB, over everything that can come between: what was seen on the way, and what is inside in the end. */
export interface BrokenUpload {
  readonly digest: string;
  readonly inside: string;
  /** Where the confirmed pieces began. */
  readonly offsets: readonly number[];
  /** Ms from the answering Guise to the next confirmed piece. */
  readonly afterRestart: number;
  /** What is left of the upload beside the file. */
  readonly leftovers: string;
}

export async function brokenUpload(mebibytes: number): Promise<BrokenUpload> {
  const wire = await Wire.to(World.port);
  const world = await World.open({ variables: { GUISE_ORIGIN: `http://guise.localhost:${wire.port}` } });
  const folder = await mkdtemp(join(tmpdir(), "guise-upload-"));
  const browser = await openBrowser();
  try {
    // With what its file system takes for itself.
    const storage = `${Math.ceil(mebibytes * 1.1) + 64}Mi`;
    const requirements = { cpu: "500m", ram: "256Mi", storage, network_bandwidth: "20Mbit" };
    await world.publish(tinyPersona({ required_applications: ["git"], resource_requirements: requirements }));
    const file = join(folder, NAME);
    const digest = await randomFile(file, mebibytes);
    const person = await personWith(browser);
    await signIn(person, (await world.as("owner", "open")).stdout.trim());
    const seen = await sentOverBreaks(person, world, file);
    const inside = (await world.guise("exec", "tiny", "--", "sha256sum", `in/${NAME}`)).stdout.slice(0, 64);
    const left = "find ~ -name '.guise-upload*' -o -path '*/guise/uploads/*'";
    const leftovers = (await world.guise("exec", "tiny", "--", "sh", "-c", left)).stdout;
    await world.guise("release", "tiny");
    return { digest, inside, leftovers, ...seen };
  } finally {
    await browser.close();
    await world.close();
    await wire.close();
    await rm(folder, { recursive: true });
  }
}

async function sentOverBreaks({ page, context }: Person, world: World, file: string) {
  await page.getByRole("button", { name: /^Open Tiny/ }).click({ timeout: 300_000 });
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name", { exact: true }).fill("in");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("button", { name: "in", exact: true }).click();
  const pieces = new SentPieces(page);
  const waits = page.getByText(/waits for the connection/);
  await pieces.another(() => page.locator('input[type="file"]').first().setInputFiles(file));

  await context.setOffline(true);
  await waits.waitFor();
  await pieces.another(() => context.setOffline(false));

  await page.getByRole("button", { name: `Pause the upload of ${NAME}` }).click();
  await page.getByText(/, paused$/).waitFor();
  await pieces.another(() => page.getByRole("button", { name: `Continue the upload of ${NAME}` }).click());

  await world.kill();
  await waits.waitFor();
  let back = 0;
  const confirmed = await pieces.another(async () => {
    await world.start();
    back = performance.now();
  });
  const afterRestart = Math.max(0, confirmed - back);

  await page.reload();
  await page.getByRole("tab", { name: "Files" }).click();
  const again = page.getByRole("button", { name: `Choose ${NAME} again` });
  await again.waitFor();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), again.click()]);
  await chooser.setFiles(file);
  await page.getByText(/, done$/).waitFor({ timeout: 600_000 });
  return { offsets: pieces.offsets, afterRestart };
}

/** Whole, nothing sent twice that was confirmed, within 5 s after a restart, and nothing left beside it. */
export function expectWhole({ digest, inside, offsets, afterRestart, leftovers }: BrokenUpload): void {
  expect(inside).toBe(digest);
  expect([...new Set(offsets)]).toEqual(offsets);
  expect([...offsets].sort((a, b) => a - b)).toEqual(offsets);
  expect(afterRestart).toBeLessThan(5000);
  expect(leftovers).toBe("");
}
