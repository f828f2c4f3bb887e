import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Headers, pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { extractBelow } from "./extract.ts";
import { packFolder } from "./pack-folder.ts";

const LIMITS = { bytes: 1000, entries: 20 };
let world: string;
let target: string;
beforeEach(async () => {
  world = await mkdtemp(join(tmpdir(), "guise-extract-"));
  target = join(world, "target");
});
afterEach(() => rm(world, { recursive: true, force: true }));

function archive(...entries: (Headers & { content?: string })[]) {
  const tar = pack();
  for (const { content = "", ...header } of entries) tar.entry(header, content);
  tar.finalize();
  return tar;
}

test("a folder goes into an archive and out of it as it was", async () => {
  const source = join(world, "source");
  await mkdir(join(source, "sub", "empty"), { recursive: true });
  await writeFile(join(source, "sub", "a.txt"), "a");
  await writeFile(join(source, "run.sh"), "#!/bin/sh");
  await writeFile(join(source, "nothing"), "");
  await chmod(join(source, "run.sh"), 0o755);
  await symlink("../run.sh", join(source, "sub", "link"));
  await writeFile(Buffer.concat([Buffer.from(join(source, "bad")), Buffer.from([0xff])]), "x");
  execFileSync("mkfifo", [join(source, "sub", "pipe")]);
  const leftOut: string[] = [];
  const told = { onBytes: () => {}, onLeftOut: (name: string, reason: string) => void leftOut.push(`${name}: ${reason}`) };
  const made = await extractBelow(packFolder(source, told), target, { limits: LIMITS });
  expect(leftOut).toEqual(["bad\ufffd: its name is not UTF-8", "sub/pipe: it is a pipe, a socket or a device"]);
  expect(made).toEqual({ files: 3, bytes: 10, leftOut: [] });
  expect(await readFile(join(target, "sub", "a.txt"), "utf8")).toBe("a");
  expect((await lstat(join(target, "run.sh"))).mode & 0o777).toBe(0o755);
  expect(await readlink(join(target, "sub", "link"))).toBe("../run.sh");
  expect(await readdir(join(target, "sub", "empty"))).toEqual([]);
});

test.each(["../evil", "a/../../evil", "/etc/evil", "a/.."])("the path %s ends the extraction", async (name) => {
  await expect(extractBelow(archive({ name, content: "x" }), target, { limits: LIMITS })).rejects.toMatchObject({ code: "file_failed" });
  expect(await readdir(world)).toEqual(["target"]);
  expect(await readdir(target)).toEqual([]);
});

test.each<[string, Headers]>([
  ["an absolute link", { name: "l", type: "symlink", linkname: "/etc/passwd" }],
  ["a link out", { name: "a/l", type: "symlink", linkname: "../../x" }],
  ["a link out behind a name", { name: "a/b/l", type: "symlink", linkname: "d/../../../x" }],
  ["a hard link", { name: "l", type: "link", linkname: "/etc/passwd" }],
  ["a device", { name: "l", type: "character-device", devmajor: 1, devminor: 3 }],
  ["a pipe", { name: "l", type: "fifo" }],
])("%s is left out and named; the rest comes", async (_, header) => {
  const made = await extractBelow(archive(header, { name: "good", content: "x" }), target, { limits: LIMITS });
  expect(made.leftOut.map(({ name }) => name)).toEqual([header.name]);
  expect(await readdir(target)).toEqual(["good"]);
});

test("a link that the archive brings is not written through", async () => {
  const outside = join(world, "outside");
  await mkdir(outside);
  const hostile = archive(
    { name: "in", type: "directory" },
    { name: "door", type: "symlink", linkname: "in" },
    { name: "door/file", content: "x" },
  );
  await extractBelow(hostile, target, { limits: LIMITS }).catch(() => {});
  expect(await readdir(join(target, "in"))).toEqual([]);
});

test("a link that lies here already is neither followed into nor written through", async () => {
  const outside = join(world, "outside");
  await mkdir(outside);
  await mkdir(target);
  await writeFile(join(outside, "kept"), "mine");
  await symlink(outside, join(target, "door"));
  await symlink(join(outside, "kept"), join(target, "file"));
  await expect(extractBelow(archive({ name: "door/x", content: "x" }), target, { limits: LIMITS })).rejects.toMatchObject({
    code: "file_failed",
  });
  await extractBelow(archive({ name: "file", content: "new" }), target, { limits: LIMITS });
  expect(await readdir(outside)).toEqual(["kept"]);
  expect(await readFile(join(outside, "kept"), "utf8")).toBe("mine");
  expect(await readFile(join(target, "file"), "utf8")).toBe("new");
});

test("no setuid, setgid, sticky or world-writable mode is set", async () => {
  await extractBelow(archive({ name: "f", mode: 0o7777, content: "x" }, { name: "d", type: "directory", mode: 0o7777 }), target, {
    limits: LIMITS,
  });
  expect((await lstat(join(target, "f"))).mode & 0o7022).toBe(0);
  expect((await lstat(join(target, "d"))).mode & 0o7022).toBe(0);
});

test("bytes and entries end at their limits, and nothing half-written stays", async () => {
  const big = archive({ name: "a", content: "x".repeat(600) }, { name: "b", content: "x".repeat(600) });
  await expect(extractBelow(big, target, { limits: LIMITS })).rejects.toMatchObject({ code: "payload_too_large" });
  expect(await readdir(target)).toEqual(["a"]);
  const many = archive(...Array.from({ length: 21 }, (_, index) => ({ name: `f${index}` })));
  await expect(extractBelow(many, target, { limits: LIMITS })).rejects.toMatchObject({ code: "payload_too_large" });
});

test.each([0, 600, 1100])("an archive that breaks off after %i bytes is an error, and nothing half-written stays", async (bytes) => {
  const whole = await buffer(archive({ name: "a", content: "x".repeat(900) }));
  const cut = Readable.from(
    (async function* () {
      yield whole.subarray(0, bytes);
      throw new Error("cut");
    })(),
  );
  await expect(extractBelow(cut, target, { limits: LIMITS })).rejects.toMatchObject({ code: "file_failed" });
  expect(await readdir(target)).toEqual([]);
});
