import { randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { LEFT_OUT_RECORD } from "@guise/contract";
import { extract, type Headers, pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLog, systemClock } from "#foundation";
import { canLookAlike, SandboxLookalike } from "#provisioning/sandbox-lookalike";
import { downloadFile, listFolder, statPath, uploadFile } from "./files.ts";
import { type OpenChannel, SharedChannels } from "./shared-channels.ts";

const TARGET = { workspace: "w", generation: 1 };
/** More than is left of the lookalike's home of 64 MiB when it is nearly full. */
const TOO_MUCH = 4_000_000;

type Entry = Headers & { readonly pax?: Record<string, string>; readonly content: string };

async function entriesIn(archive: Buffer): Promise<Entry[]> {
  const entries: Entry[] = [];
  const unpack = extract();
  unpack.on("entry", (header, content, next) => {
    buffer(content).then((bytes) => {
      entries.push({ ...header, content: bytes.toString() });
      next();
    }, next);
  });
  const done = new Promise((resolve, reject) => unpack.on("finish", resolve).on("error", reject));
  unpack.end(archive);
  await done;
  return entries;
}

function archiveOf(...entries: (Headers & { readonly content?: string | Buffer })[]): Readable {
  const tar = pack();
  for (const { content = "", ...header } of entries) tar.entry(header, content);
  tar.finalize();
  return tar.pipe(new PassThrough());
}

describe.skipIf(!canLookAlike())("files of a sandbox", () => {
  let sandbox: SandboxLookalike;
  let channels: SharedChannels;
  const bulk: OpenChannel = () => channels.lease(TARGET, "bulk");
  const inside = async (command: string) => {
    const { channel, release } = await channels.lease(TARGET, "light");
    const { stdout } = await channel.run(command);
    release();
    return stdout;
  };
  const sent = (path: string, content: Readable) => uploadFile(bulk, path, content, { as: "file" });
  const sentFolder = (path: string, content: Readable) => uploadFile(bulk, path, content, { as: "tar" });
  const archiveAt = async (path: string) => buffer((await downloadFile(bulk, path, "tar")).stream);
  /** Nothing of ours is left beside people's files. */
  const leftovers = () => inside("find . -name '.guise*' | wc -l");

  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channels = new SharedChannels({ connect: () => sandbox.connect(), clock: systemClock, log: silentLog });
  });
  afterAll(async () => {
    channels.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test("a file goes in and comes out; what is replaced keeps its mode", async () => {
    const content = randomBytes(2_500_000);
    await sent("~/in/file.bin", Readable.from([content.subarray(0, 1_000_000), content.subarray(1_000_000)]));
    const { stream, bytes } = await downloadFile(bulk, "in/file.bin", "file");
    expect(bytes).toBe(2_500_000);
    expect((await buffer(stream)).equals(content)).toBe(true);
    await inside("chmod 700 in/file.bin");
    await sent("~/in/file.bin", Readable.from([Buffer.from("x")]));
    expect(await statPath(bulk, "~/in/file.bin")).toMatchObject({ kind: "file", bytes: 1, mode: 0o700 });
    expect(await buffer((await downloadFile(bulk, "/proc/self/comm", "file")).stream)).not.toHaveLength(0);
  });

  test("a new file takes the mode and time that are named", async () => {
    const modified = Date.UTC(2001, 1, 3);
    await uploadFile(bulk, "run.sh", Readable.from(["#!/bin/sh"]), { as: "file", newMode: 0o755, modified });
    expect(await statPath(bulk, "run.sh")).toMatchObject({ mode: 0o755, modified });
  });

  test("an upload that breaks off leaves nothing, and what was there", async () => {
    await inside("mkdir -p broken; echo old > broken/file");
    const broken = new Readable({ read() {} });
    broken.push(Buffer.alloc(200_000));
    const uploading = sent("~/broken/file", broken);
    await expect.poll(() => inside("ls -A broken | wc -l"), { interval: 20 }).toBe("2\n");
    broken.destroy();
    await expect(uploading).rejects.toThrow();
    await expect.poll(() => inside("ls -A broken; cat broken/file"), { interval: 20 }).toBe("file\nold\n");
  });

  test("where nothing may be replaced, nothing is: not what was there, and not what came meanwhile", async () => {
    const exclusive = { as: "file", exclusive: true } as const;
    await uploadFile(bulk, "once", Readable.from(["first"]), exclusive);
    await expect(uploadFile(bulk, "once", Readable.from(["second"]), exclusive)).rejects.toMatchObject({ code: "file_exists" });
    const slow = new Readable({ read() {} });
    slow.push("mine");
    const uploading = uploadFile(bulk, "raced/file", slow, exclusive);
    await expect.poll(() => inside("ls -A raced 2> /dev/null | wc -l"), { interval: 20 }).toBe("1\n");
    await inside("echo theirs > raced/file");
    slow.push(null);
    await expect(uploading).rejects.toMatchObject({ code: "file_exists" });
    await expect(uploadFile(bulk, "raced", archiveOf({ name: "x" }), { as: "tar", exclusive: true })).rejects.toMatchObject({
      code: "file_exists",
    });
    expect(await inside("cat once; ls -A raced; cat raced/file")).toBe("firstfile\ntheirs\n");
  });

  test("folders that nobody waits for to be packed leave no tar", async () => {
    await inside("mkdir -p big && head -c 30000000 /dev/zero > big/zeros");
    for (let i = 0; i < 60; i++) (await downloadFile(bulk, "big", "tar")).stream.destroy();
    for (let i = 0; i < 60; i++) (await downloadFile(bulk, "big/zeros", "file")).stream.destroy();
    await expect.poll(() => inside("pgrep -cx tar || :"), { timeout: 10_000, interval: 20 }).toBe("0\n");
    expect((await buffer((await downloadFile(bulk, "big/zeros", "file")).stream)).length).toBe(30_000_000);
    await inside("rm -r big");
  });

  test("a folder comes out as tar and goes in again, with hard links, modes and times", async () => {
    await inside(
      "mkdir -p 'a tree/b'; cd 'a tree'; echo one > one; ln one hard; echo two > b/two; head -c 3000 /dev/zero > b/zeros; ln -s ../one b/link; " +
        "chmod 750 b .; touch -d '2001-02-03 00:00Z' b/two one; touch -d '2002-02-03 00:00Z' b; touch -d '2003-02-03 00:00Z' .",
    );
    const facts = (folder: string) =>
      inside(
        `cd '${folder}' && cat one b/two && wc -c < b/zeros && readlink b/link && stat -c '%n %a %h %Y' . b b/two one && [ one -ef hard ] && echo linked`,
      );
    const { stream, bytes } = await downloadFile(bulk, "~/a tree", "tar");
    const archive = await buffer(stream);
    expect(bytes).toBeUndefined();
    await sentFolder("~/copy of/it", Readable.from([archive]));
    expect(await facts("copy of/it")).toBe(await facts("a tree"));
    expect((await listFolder(bulk, "~/copy of/it")).map(({ name }) => name).sort()).toEqual(["b", "hard", "one"]);
    expect(await leftovers()).toBe("0\n");
  });

  test("what its own owner cannot read, and sockets, do not hold up the rest and are named in the last entry", async () => {
    await inside(
      "mkdir -p part/in; echo precious > part/a; echo x > part/u; chmod 0 part/u part/in; mkfifo part/p; : > 'part/new\nline'; chmod 0 part/new*; " +
        `perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "part/s", Listen => 1) or die'`,
    );
    const entries = await entriesIn(await archiveAt("part"));
    expect(entries.find(({ name }) => name === "./a")?.content).toBe("precious\n");
    const last = entries.at(-1);
    const report = JSON.parse(last?.pax?.[LEFT_OUT_RECORD] ?? "{}");
    expect(report.entries.sort((a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: "in", reason: "unreadable_folder" },
      { path: "new\nline", reason: "unreadable_file" },
      { path: "s", reason: "socket" },
      { path: "u", reason: "unreadable_file" },
    ]);
    expect(last?.content.split("\n")).toEqual(
      expect.arrayContaining([
        "u: is a file that its own owner may not read",
        "s: is a socket",
        "new\\nline: is a file that its own owner may not read",
      ]),
    );
  });

  test("a folder that changes while it is packed comes all the same, and says so", async () => {
    await inside("mkdir -p moving; : > moving/a; head -c 20000000 /dev/zero > moving/log");
    const { stream } = await downloadFile(bulk, "moving", "tar");
    await new Promise((resolve) => stream.once("readable", resolve));
    await inside("echo more >> moving/log");
    const last = (await entriesIn(await buffer(stream))).at(-1);
    expect(JSON.parse(last?.pax?.[LEFT_OUT_RECORD] ?? "{}")).toMatchObject({
      entries: [],
      said: [expect.stringContaining("./log: file changed")],
    });
    await inside("rm -r moving");
  });

  test("an archive that breaks off, or is none, changes nothing", async () => {
    await inside("mkdir -p kept; echo old > kept/a");
    const whole = await buffer(archiveOf({ name: "a", content: "new" }, { name: "b", content: "y".repeat(50_000) }));
    for (const wrong of [Readable.from([whole.subarray(0, 20_000)]), Readable.from([Buffer.alloc(100_000, "x")])])
      await expect(sentFolder("kept", wrong)).rejects.toMatchObject({ code: "file_failed" });
    await expect(sentFolder("~/x", Readable.from([Buffer.alloc(100_000, "x")]))).rejects.toMatchObject({ code: "file_failed" });
    expect(await inside("ls -A kept; cat kept/a; ls -d x 2> /dev/null | wc -l")).toBe("a\nold\n0\n");
  });

  test("a folder goes into one that is there: what is of the same name is replaced, all else stays; what is in the way is named", async () => {
    await inside("mkdir -p there/sub there/way; echo old > there/a; echo kept > there/sub/kept; chmod 640 there/a");
    await sentFolder(
      "there",
      archiveOf({ name: "a", content: "new" }, { name: "sub/added", content: "x" }, { name: "./", type: "directory", mode: 0o777 }),
    );
    expect(await inside("cat there/a; echo; ls there/sub; stat -c %a there")).toBe("new\nadded\nkept\n755\n");
    await expect(sentFolder("there", archiveOf({ name: "way", content: "x" }, { name: "b", content: "x" }))).rejects.toMatchObject({
      code: "file_failed",
      message: expect.stringContaining("there/way'"),
    });
    expect(await leftovers()).toBe("0\n");
  });

  test("what is not there or not readable says so", async () => {
    for (const as of ["file", "tar"] as const)
      await expect(downloadFile(bulk, "~/absent", as)).rejects.toMatchObject({ code: "file_not_found" });
    await expect(downloadFile(bulk, "~", "file")).rejects.toMatchObject({ code: "file_failed" });
    await expect(sent("~", Readable.from(["x"]))).rejects.toMatchObject({ code: "file_failed", message: "~ is a folder" });
    await expect(statPath(bulk, "~/absent")).rejects.toMatchObject({ code: "file_not_found" });
    await inside("mkfifo pipe; mkdir closed; chmod 0 closed");
    await expect(archiveAt("closed")).rejects.toMatchObject({ code: "file_failed" });
    for (const endless of ["pipe", "/dev/zero"])
      await expect(downloadFile(bulk, endless, "file")).rejects.toMatchObject({
        code: "file_failed",
        message: expect.stringContaining("neither"),
      });
  });

  test("a home that is full says so with figures, of a file and of a folder, and is left as it was", async () => {
    await inside("fallocate -l $(($(stat -f -c '%a * %S' .) - 2000000)) most");
    const full = Readable.from(
      (function* () {
        for (let given = 0; given < TOO_MUCH; given += 65_536) yield Buffer.alloc(65_536);
      })(),
    );
    const isFull = { code: "storage_full", message: expect.stringMatching(/^the home is full: 6[34](\.\d+)? MiB of 64 MiB$/) };
    await expect(sent("~/too-big", full)).rejects.toMatchObject(isFull);
    expect(full.destroyed).toBe(false);
    await expect(sentFolder("~/too/big", archiveOf({ name: "a", content: Buffer.alloc(TOO_MUCH) }))).rejects.toMatchObject(isFull);
    expect(await inside("rm most; ls -d too-big too/big 2> /dev/null | wc -l")).toBe("0\n");
    expect(await leftovers()).toBe("0\n");
  });
});
