import { billOfMaterialsSchema, type Images, type VersionDetail, type WorkspaceEvent, type WorkspaceView } from "@guise/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/**
 * The images of a persona from its build to their removal, through the command, on a real engine.
 * Slow: images are built, removed and built again.
 */
let world: World;

const PERSONA = tinyPersona({ lifetime: { home: "keep" } });
const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await world.guise(...args, "--json")).stdout) as T;
const tiny = async () => (await json<readonly WorkspaceView[]>("ps")).find(({ persona_id }) => persona_id === "tiny");

beforeAll(async () => {
  world = await World.open();
  await world.setImagesAside();
  await world.publish(PERSONA);
  expect((await world.guise("request", "tiny")).exit).toBe(0);
  expect((await world.guise("release", "tiny")).exit).toBe(0);
});
afterAll(() => world?.close());

test("what is in the image is told as CycloneDX: the packages that were asked for, and all that came with them", async () => {
  const { stdout, exit } = await world.guise("persona", "bom", "tiny");
  expect(exit).toBe(0);
  const document = billOfMaterialsSchema.parse(JSON.parse(stdout));
  const purls = document.components.map(({ purl }) => purl ?? "");
  for (const name of ["jq", "git", "libc6", "openssh-server"])
    expect(
      purls.some((purl) => purl.startsWith(`pkg:deb/debian/${name}@`)),
      name,
    ).toBe(true);
  const { exit: inside, stdout: installed } = await world
    .guise("request", "tiny")
    .then(() => world.guise("exec", "tiny", "--", "dpkg-query", "-W", "-f=.", "*"));
  expect(inside).toBe(0);
  expect(purls.length).toBeLessThanOrEqual(installed.length);
  expect(purls.length).toBeGreaterThan(50);
  await world.guise("release", "tiny");
});

test("an image that somebody removed is built again at the next request, as phase image with progress", async () => {
  await world.removeImages();
  const { exit, stdout, stderr } = await world.guise("request", "tiny", "--json");
  expect(exit, stderr).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as WorkspaceEvent)
    .filter(({ phase }) => phase === "image");
  const percents = events.flatMap(({ kind, percent }) => (kind === "progress" && percent !== undefined ? [percent] : []));
  expect(events[0]?.kind).toBe("phase_started");
  expect(percents.length).toBeGreaterThan(5);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  const workspace = await tiny();
  expect([workspace?.state, workspace?.generation]).toEqual(["ready", 1]);
  expect((await world.guise("exec", "tiny", "--", "jq", "--version")).exit).toBe(0);
});

test("a refresh: what runs goes on and is outdated, resumed it has the new revision with its files, and the old image can go", async () => {
  await world.guise("exec", "tiny", "--", "sh", "-c", "echo precious > ~/kept");
  expect((await world.guise("persona", "refresh", "tiny")).stdout).toContain("revision 2 is being built");
  await expect
    .poll(async () => (await json<VersionDetail>("persona", "show", "tiny")).revision, { timeout: 300_000, interval: 1_000 })
    .toBe(2);
  expect((await tiny())?.outdated).toEqual({ revision: 1, newest: 2 });
  expect((await world.guise("ps")).stdout).toContain("outdated");
  expect((await world.guise("why", "tiny")).stdout).toMatch(/outdated +it runs on image revision 1/);
  expect((await world.guise("exec", "tiny", "--", "jq", "--version")).exit).toBe(0);

  const kept = await world.guise("admin", "images", "collect", "--budget", "0");
  expect(kept.exit, kept.stderr).toBe(0);
  const revisions = async () =>
    (await json<Images>("admin", "images", "list")).images.flatMap(({ versions }) => versions.map(({ revision }) => revision));
  expect((await revisions()).sort()).toEqual([1, 2]);

  expect((await world.guise("suspend", "tiny")).exit).toBe(0);
  expect((await world.guise("resume", "tiny")).exit).toBe(0);
  expect((await tiny())?.outdated).toBeUndefined();
  expect((await world.guise("exec", "tiny", "--", "cat", "/home/user/kept")).stdout).toBe("precious\n");
  expect((await world.guise("admin", "images", "collect", "--budget", "0")).stdout).toMatch(/^removed \d+, freed [\d.]+ MiB/);
  expect(await revisions()).toEqual([2]);
  expect((await world.guise("exec", "tiny", "--", "jq", "--version")).exit).toBe(0);
  await world.guise("release", "tiny", "--with-home");
});

test("validate names what no mirror has, at its line with the nearest, and packages that cannot be had together", async () => {
  const validated = async (...required_applications: string[]) => {
    const file = world.file("asked.json", JSON.stringify(tinyPersona({ persona_id: "asked", required_applications })));
    for (;;) {
      const { exit, stdout } = await world.guise("persona", "validate", file, "--json");
      const answer = JSON.parse(stdout) as { problems: unknown[]; unasked?: string };
      // The first question prepares the ground, which a busy machine does not do in the time that somebody waits.
      if (answer.unasked === undefined) return { exit, ...answer };
    }
  };
  const wrong = await validated("git", "apt:jq", "apt:gnumerik", "npm:no-such-package-guise-1");
  expect(wrong.problems).toEqual([
    expect.objectContaining({ path: "$.required_applications[2]", suggestion: "apt:gnumeric" }),
    expect.objectContaining({ path: "$.required_applications[3]" }),
  ]);
  expect(wrong.exit).not.toBe(0);
  const torn = await validated("git", "apt:jq", "pip:flask==3.*", "pip:click==7.*");
  expect(torn.problems).toEqual([
    expect.objectContaining({
      path: "$.required_applications[3]",
      message: expect.stringMatching(/^click==7\.\* and flask==3\.\* cannot be had together: flask needs click>=8/),
    }),
  ]);
  expect(await validated("git", "apt:jq", "pip:flask==3.*")).toMatchObject({ exit: 0, problems: [] });
});
