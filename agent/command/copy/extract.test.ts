import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync, truncateSync, unlinkSync } from "node:fs";
import { chmod, link, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { LEFT_OUT_RECORD } from "@guise/contract";
import { type Headers, pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Output } from "../output.ts";
import { extractBelow } from "./extract.ts";
import { type LeftOut, noteLeftOut } from "./left-out.ts";
import { packFolder } from "./pack-folder.ts";

/** Of a folder, one below it, and a file. */
const PAST = [1_000_000_300, 1_000_000_200, 1_000_000_100];
const LIMITS = { bytes: 1000, entries: 20 };
let world: string;
let target: string;
beforeEach(async () => {
  world = await mkdtemp(join(tmpdir(), "guise-extract-"));
  target = join(world, "target");
});
afterEach(() => rm(world, { recursive: true, force: true }));

function archive(...entries: (Headers & { content?: string; pax?: Record<string, string> })[]) {
  const tar = pack();
  for (const { content = "", ...header } of entries) tar.entry(header, content);
  tar.finalize();
  return tar.pipe(new PassThrough());
}

test("a folder goes into an archive and out of it as it was", async () => {
  const source = join(world, "source");
  await mkdir(join(source, "sub", "empty"), { recursive: true });
  await writeFile(join(source, "sub", "a.txt"), "a");
  await writeFile(join(source, "run.sh"), "#!/bin/sh");
  await writeFile(join(source, "nothing"), "");
  await chmod(join(source, "run.sh"), 0o755);
  await symlink("../run.sh", join(source, "sub", "link"));
  await link(join(source, "sub", "a.txt"), join(source, "hard"));
  await writeFile(Buffer.concat([Buffer.from(join(source, "bad")), Buffer.from([0xff])]), "x");
  execFileSync("mkfifo", [join(source, "sub", "pipe")]);
  for (const [index, path] of ["sub/a.txt", "sub", "."].entries()) {
    const time = PAST[2 - index] ?? 0;
    await utimes(join(source, path), time, time);
  }
  const leftOut: string[] = [];
  const told = { onBytes: () => {}, onLeftOut: ({ name, reason }: LeftOut) => void leftOut.push(`${name}: ${reason}`) };
  const made = await extractBelow(packFolder(source, told), target, { limits: LIMITS });
  expect(leftOut).toEqual(["bad\ufffd: has a name that is not UTF-8", "sub/pipe: is a pipe, a socket or a device"]);
  expect(made).toEqual({ files: 3, bytes: 10, leftOut: [] });
  const times = async (root: string) =>
    Promise.all([".", "sub", "sub/a.txt"].map(async (path) => Math.floor((await lstat(join(root, path))).mtimeMs / 1000)));
  expect(await times(target)).toEqual([...PAST]);
  const [one, other] = await Promise.all(["sub/a.txt", "hard"].map((path) => lstat(join(target, path))));
  expect(one?.ino).toBe(other?.ino);
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
  ["a hard link out", { name: "l", type: "link", linkname: "/etc/passwd" }],
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
  const made = await extractBelow(archive({ name: "door/x", content: "x" }), target, { limits: LIMITS });
  expect(made.leftOut).toEqual([{ name: "door/x", kind: "obstacle", reason: expect.stringContaining("is no folder here") }]);
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

test("a hard link is made only to a file that came before; to anything else it is left out", async () => {
  await mkdir(target);
  await writeFile(join(target, "mine"), "mine");
  const hostile = archive(
    { name: "to", type: "symlink", linkname: "mine" },
    { name: "a", type: "link", linkname: "mine" },
    { name: "b", type: "link", linkname: "../target/mine" },
    { name: "c", type: "link", linkname: "to" },
    { name: "d", type: "link", linkname: "later" },
    { name: "later", content: "x" },
  );
  const made = await extractBelow(hostile, target, { limits: LIMITS });
  expect(made.leftOut.map(({ name, kind }) => `${name} ${kind}`)).toEqual(["a obstacle", "b obstacle", "c obstacle", "d obstacle"]);
  expect((await readdir(target)).sort()).toEqual(["later", "mine", "to"]);
});

test("what cannot be here is left out and named, and the rest comes", async () => {
  await mkdir(join(target, "way", "in"), { recursive: true });
  const made = await extractBelow(
    archive({ name: "way", content: "x" }, { name: `${"n".repeat(300)}`, content: "x" }, { name: "good", content: "x" }),
    target,
    { limits: LIMITS },
  );
  expect(made.leftOut.map(({ kind }) => kind)).toEqual(["obstacle", "obstacle"]);
  expect((await readdir(target)).sort()).toEqual(["good", "way"]);
});

test("what the workspace's side left out is told, and its note is no file here", async () => {
  const report = {
    entries: [
      { path: "u", reason: "unreadable_file" },
      { path: "s", reason: "socket" },
    ],
    more: true,
    said: ["tar: x"],
  };
  const note = { name: "left-out-1.txt", pax: { [LEFT_OUT_RECORD]: JSON.stringify(report) }, content: "u" };
  const other = { name: "mine.txt", pax: { [LEFT_OUT_RECORD]: '{"entries":1}' }, content: "x" };
  const made = await extractBelow(archive(note, other), target, { limits: LIMITS });
  expect(made.leftOut.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    "u unreadable",
    "s special",
    "undefined unreadable",
    "undefined changed",
  ]);
  expect(await readdir(target)).toEqual(["mine.txt"]);
});

test("an archive without an end is one that broke off", async () => {
  const whole = await buffer(archive({ name: "a", content: "x" }));
  await expect(extractBelow(Readable.from([whole.subarray(0, 1024)]), target, { limits: LIMITS })).rejects.toMatchObject({
    code: "file_failed",
    message: expect.stringContaining("broke off"),
  });
});

test("records that would fill the memory, or hold the reader for ever, end the extraction", async () => {
  const header = (size: number) => {
    const block = Buffer.alloc(512);
    block.write("x", 0);
    block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
    block.write("x", 156);
    block.write("        ", 148);
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    return block;
  };
  let given = 0;
  const endless = async function* () {
    yield header(2 ** 32);
    for (; given < 64; given++) yield Buffer.alloc(2 ** 20);
  };
  await expect(extractBelow(endless(), target, { limits: LIMITS })).rejects.toMatchObject({ code: "file_failed" });
  expect(given).toBeLessThan(3);
  for (const text of ["-5 a=", "0 a=b\n", "99 a=b\n", "a=b"]) {
    const hostile = Readable.from([header(text.length), Buffer.from(text.padEnd(512, "\0")), Buffer.alloc(1024)]);
    await expect(extractBelow(hostile, target, { limits: LIMITS }), text).rejects.toMatchObject({ code: "file_failed" });
  }
});

test("a file that may not be read, went away or changes does not hold up the rest of what is sent", async () => {
  const source = join(world, "source");
  await mkdir(source);
  for (const name of ["a", "b", "c"]) await writeFile(join(source, name), name.repeat(200_000));
  const leftOut: LeftOut[] = [];
  let pieces = 0;
  const sent = packFolder(source, {
    onBytes: () => {
      if (++pieces !== 1) return;
      truncateSync(join(source, "a"), 100_000);
      unlinkSync(join(source, "b"));
    },
    onLeftOut: (one) => void leftOut.push(one),
  });
  const made = await extractBelow(sent, target, { limits: { bytes: 1_000_000, entries: 20 } });
  expect(made.files).toBe(2);
  expect(leftOut.map(({ name, kind }) => `${name} ${kind}`)).toEqual(["a changed", "b unreadable"]);
  expect((await readFile(join(target, "c"), "utf8")).length).toBe(200_000);
});

test("an archive of ours that nobody reads to its end keeps no file open", async () => {
  const source = join(world, "source");
  await mkdir(source);
  await writeFile(join(source, "a"), Buffer.alloc(5_000_000));
  const open = () => readdirSync("/proc/self/fd").filter((fd) => linkOf(fd).startsWith(source)).length;
  const sent = packFolder(source, { onBytes: () => {}, onLeftOut: () => {} });
  await expect.poll(open, { interval: 5 }).toBe(1);
  sent.destroy();
  await expect.poll(open, { interval: 5 }).toBe(0);
});

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
}

test("a name cannot forge a line", () => {
  let shown = "";
  const noting = { note: (line: string) => (shown += `${line}\n`) } as unknown as Output;
  const names = ["a\nleft out b: it is fine", "\u001b[2Kx", "y\r"];
  noteLeftOut(
    noting,
    names.map((name) => ({ name, kind: "special", reason: "is a\nsocket" })),
  );
  expect(shown.split("\n")).toHaveLength(names.length + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be shown
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});
