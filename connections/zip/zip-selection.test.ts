import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canLookAlike } from "#provisioning/sandbox-lookalike";
import { downloadZip } from "../files.ts";
import { SandboxFiles } from "../sandbox-files.fixture.ts";
import type { OpenChannel } from "../shared-channels.ts";
import { safeName } from "./safe-name.ts";

test.each([
  ["a/b.txt", "a/b.txt"],
  ["Übersicht 漢字 🙂.csv", "Übersicht 漢字 🙂.csv"],
  ["..\\..\\evil", ".._.._evil"],
  ["a/ .. /b", "a/____/b"],
  ["C:evil", "C_evil"],
  ["a\nb\u001b[31m", "a_b_[31m"],
  ["re\u202etxt.exe", "retxt.exe"],
])("%j has the name %j where it is unpacked", (path, name) => expect(safeName(path, new Set())).toBe(name));

test("two that would have one name have two", () => {
  const taken = new Set(["not-included.txt"]);
  expect(["a:b.txt", "a?b.txt", ".rc", "not-included.txt"].map((path) => safeName(path, taken))).toEqual([
    "a_b.txt",
    "a_b (2).txt",
    ".rc",
    "not-included (2).txt",
  ]);
});

describe.skipIf(!canLookAlike())("a selection of a sandbox's files", () => {
  let files: SandboxFiles;
  const open: OpenChannel = () => files.open();
  const inside = (command: string) => files.inside(command);
  /** By name, as Python's own reader unpacks it; folders are empty. */
  const unpacked = async (folder: string, ...names: string[]): Promise<Record<string, string>> => {
    const where = mkdtempSync(join(tmpdir(), "guise-zip-"));
    try {
      writeFileSync(join(where, "a.zip"), await buffer(await downloadZip(open, folder, names)));
      const script =
        "import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n" +
        "print(json.dumps({i.filename: z.read(i).decode('utf-8','replace')[:2000] for i in z.infolist()}))";
      return JSON.parse(execFileSync("python3", ["-c", script, join(where, "a.zip")], { encoding: "utf8" }));
    } finally {
      rmSync(where, { recursive: true });
    }
  };

  beforeAll(async () => {
    files = await SandboxFiles.start();
  });
  afterAll(async () => {
    await files?.[Symbol.asyncDispose]();
  });

  test("files, folders with all below them and empty ones come, and nothing that was not chosen", async () => {
    await inside("mkdir -p in/a/b in/empty; echo 1 > in/a/one; echo 2 > in/a/b/Zwölf; echo 3 > in/-three; echo no > in/other");
    expect(await unpacked("~/in", "a", "empty", "-three")).toEqual({
      "a/": "",
      "a/one": "1\n",
      "a/b/": "",
      "a/b/Zwölf": "2\n",
      "empty/": "",
      "-three": "3\n",
    });
  });

  test("what cannot be had is named, and the rest comes", async () => {
    await inside(
      `mkdir -p odd/dir; echo x > odd/fine; echo x > 'odd/back\\slash'; ln -s /etc/passwd odd/link; mkfifo odd/pipe; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('odd/sock')"`,
    );
    const { "not-included.txt": told = "", ...rest } = await unpacked("odd", "dir", "fine", "back\\slash", "link", "pipe", "sock", "gone");
    expect(rest).toEqual({ "dir/": "", fine: "x\n", back_slash: "x\n" });
    expect(told.trim().split("\n").slice(2).sort()).toEqual([
      "back\\slash: is here as back_slash",
      "link: a link, which would lead elsewhere where it is unpacked",
      "pipe: neither a file nor a folder",
      "sock: a socket, which is no file",
    ]);
  });

  test("nothing of nothing, and of no folder, is refused", async () => {
    await expect(downloadZip(open, "in", ["nothing"])).rejects.toMatchObject({ code: "file_not_found" });
    await expect(downloadZip(open, "nowhere", ["a"])).rejects.toMatchObject({ code: "file_not_found" });
  });

  test("who leaves in the middle leaves nothing open inside", async () => {
    await inside("head -c 30000000 /dev/urandom > in/large");
    const stream = await downloadZip(open, "in", ["large", "a"]);
    await new Promise((resolve) => stream.once("data", resolve));
    stream.destroy();
    await expect.poll(() => inside("ls -l /proc/*/fd 2> /dev/null | grep -c in/large"), { interval: 50 }).toBe("0\n");
  });
});
