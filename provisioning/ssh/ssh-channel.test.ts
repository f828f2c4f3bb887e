import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Channel } from "../channel.ts";
import { canLookAlike, SandboxLookalike } from "./test-support/sandbox-lookalike.ts";

describe.skipIf(!canLookAlike())("the channel over the real OpenSSH server", () => {
  let sandbox: SandboxLookalike;
  let channel: Channel;
  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channel = await sandbox.connect();
  });
  afterAll(async () => {
    channel.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test("a command gets its input and variables, and answers with both outputs and its exit code", async () => {
    const result = await channel.run('cat; echo "$NOTE" >&2; exit 7', { input: "in", variables: { NOTE: "it's" } });
    expect(result).toEqual({ exit: 7, stdout: "in", stderr: "it's\n" });
  });

  test("output beyond the limit is refused, and the command is ended", async () => {
    await expect(channel.run("exec cat /dev/zero", { maximumOutput: 1000 })).rejects.toMatchObject({ code: "output_too_large" });
    await expect.poll(async () => (await channel.run("pgrep -c '^cat$' -u user || :")).stdout).toBe("0\n");
  });

  test("an aborted command is ended", async () => {
    const abort = new AbortController();
    const running = channel.run("exec sleep 1234", { signal: abort.signal });
    await expect.poll(async () => (await channel.run("pgrep -c -f 'sleep 123[4]'")).stdout).toBe("1\n");
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    await expect.poll(async () => (await channel.run("pgrep -c -f 'sleep 123[4]' || :")).stdout).toBe("0\n");
  });

  test("a command longer than an argument may be is refused before it is sent", async () => {
    await expect(channel.run(`: ${"x".repeat(130_000)}`)).rejects.toMatchObject({ code: "unfit_arguments" });
    expect((await channel.run("echo lives")).stdout).toBe("lives\n");
  });

  test("a thousand commands, eight at a time, are ordinary use", async () => {
    for (let round = 0; round < 125; round++)
      await Promise.all(Array.from({ length: 8 }, async () => expect((await channel.run("exit 3")).exit).toBe(3)));
  });

  test("an end by signal is told", async () => {
    const running = await channel.open("kill -KILL $$");
    running.stdout.resume();
    expect(await running.exited).toEqual({ exit: 137, signal: "KILL" });
  });

  test("a signal that is sent at once reaches the command", async () => {
    for (let round = 0; round < 20; round++) {
      const running = await channel.open("exec sleep 1000");
      for (const stream of [running.stdout, running.stderr]) stream.resume();
      running.signal("INT");
      expect(await running.exited).toEqual({ exit: 130, signal: "INT" });
    }
  });

  test("a signal reaches the command", async () => {
    const running = await channel.open("trap 'echo got; exit 5' USR1; echo ready; while :; do sleep 0.05; done");
    await once(running.stdout, "data");
    running.signal("USR1");
    expect(await text(running.stdout)).toBe("got\n");
    expect((await running.exited).exit).toBe(5);
  });

  test("a terminal has its size and type, and is told when it is resized", async () => {
    const terminal = await channel.open("stty size; echo $TERM; read line; stty size", {
      terminal: { columns: 91, rows: 17, type: "xterm-256color" },
    });
    let shown = "";
    terminal.stdout.on("data", (data) => {
      shown += data;
    });
    await expect.poll(() => shown).toContain("17 91\r\nxterm-256color\r\n");
    terminal.resize({ columns: 120, rows: 40 });
    terminal.stdin.write("\n");
    await expect.poll(() => shown).toContain("40 120\r\n");
    expect((await terminal.exited).exit).toBe(0);
  });

  test("the login shell reads what comes, and ends with its input", async () => {
    const shell = await channel.open(null);
    shell.stdin.end("echo $((6 * 7))\n");
    expect(await text(shell.stdout)).toBe("42\n");
    expect((await shell.exited).exit).toBe(0);
  });

  test("a reader that pauses gets everything that a fast writer wrote", async () => {
    const running = await channel.open("seq 1 400000");
    await once(running.stdout, "readable");
    const all = await text(running.stdout);
    expect(all.length).toBe(2_688_895);
    expect(all.endsWith("399999\n400000\n")).toBe(true);
  });

  test("a port inside is reached both ways; a closed one is refused", async () => {
    const server = await channel.open(
      'exec perl -MIO::Socket::INET -e \'my $s = IO::Socket::INET->new(LocalAddr=>"127.0.0.1", LocalPort=>8123, Listen=>1); print "up\\n"; $|=1; my $c = $s->accept; while (<$c>) { print $c uc }\'',
      { terminal: { columns: 80, rows: 24, type: "dumb" } },
    );
    await once(server.stdout, "data");
    const connection = await channel.forward({ port: 8123 });
    connection.end("hello\n");
    expect(await text(connection)).toBe("HELLO\n");
    server.close();
    await expect(channel.forward({ port: 8124 })).rejects.toMatchObject({ code: "connection_refused" });
    await expect(channel.forward({ socket: "/run/guise/none" })).rejects.toMatchObject({ code: "connection_refused" });
  });

  test("a file is written with its folders and mode, whole or not at all", async () => {
    const content = randomBytes(3_000_001);
    await channel.writeFile("~/one/two/file", content, 0o640);
    expect((await channel.readFile("~/one/two/file", 4_000_000)).equals(content)).toBe(true);
    expect((await channel.run("stat -c %a one/two/file; ls -A one/two")).stdout).toBe("640\nfile\n");
    expect(await channel.files().stat("~/one/two/file")).toMatchObject({ name: "file", kind: "file", bytes: 3_000_001, mode: 0o640 });
    const half = await channel.files().write("~/one/two/other", { mode: 0o600 });
    half.write(Buffer.alloc(100_000));
    half.destroy();
    await finished(half).catch(() => {});
    await expect.poll(async () => (await channel.run("ls -A one/two")).stdout).toBe("file\n");
  });

  test("a link at the target is replaced, not followed", async () => {
    await channel.run("echo safe > victim; ln -s ~/victim link");
    await channel.writeFile("~/link", Buffer.from("new"), 0o600);
    expect((await channel.run("cat victim; cat link; test -L link || echo file")).stdout).toBe("safe\nnewfile\n");
  });

  test("what cannot be read or written says why", async () => {
    await expect(channel.readFile("~/absent", 10)).rejects.toMatchObject({ code: "file_not_found" });
    await expect(channel.readFile("/etc/shadow", 10)).rejects.toMatchObject({ code: "file_failed" });
    await expect(channel.readFile("/proc/self/maps", 10)).rejects.toMatchObject({ code: "output_too_large" });
    await expect(channel.writeFile("/etc/passwd2", Buffer.from("x"), 0o600)).rejects.toMatchObject({ code: "file_failed" });
    await expect(channel.files().list("~/absent")).rejects.toMatchObject({ code: "file_not_found" });
  });

  test("a folder is listed with kinds", async () => {
    await channel.run("mkdir -p listed/folder; touch listed/file; ln -s x listed/link; mkfifo listed/pipe");
    const entries = await channel.files().list("~/listed");
    expect(Object.fromEntries(entries.map(({ name, kind }) => [name, kind]))).toEqual({
      folder: "folder",
      file: "file",
      link: "link",
      pipe: "other",
    });
  });

  test("when the server dies, everything under way says that the channel is lost", async () => {
    const other = await sandbox.connect();
    const process = await other.open("echo $PPID; exec sleep 1000");
    const [line] = await once(process.stdout, "data");
    const waiting = other.run("sleep 1000");
    const lost = expect(waiting).rejects.toMatchObject({ code: "channel_lost" });
    await channel.run(`kill -9 ${Number(line)}`);
    await lost;
    await expect(process.exited).rejects.toMatchObject({ code: "channel_lost" });
    await other.closed;
    await expect(other.run("true")).rejects.toMatchObject({ code: "channel_lost" });
    await expect(other.readFile("~/x", 1)).rejects.toMatchObject({ code: "channel_lost" });
  });

  test("streams are bounded in number, and free again when they end", async () => {
    const open = await Promise.all(Array.from({ length: 63 }, () => channel.open("cat")));
    await channel.readFile("/etc/hostname", 1000);
    await expect(channel.run("true")).rejects.toMatchObject({ code: "refused_by_policy" });
    for (const process of open) process.close();
    await Promise.all(open.map((process) => process.exited.catch(() => {})));
    expect((await channel.run("echo free")).stdout).toBe("free\n");
  });
});
