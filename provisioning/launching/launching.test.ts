import { createHash } from "node:crypto";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomIds, systemClock } from "#foundation";
import type { Channel } from "../channel.ts";
import { canLookAlike, SandboxLookalike } from "../ssh/test-support/sandbox-lookalike.ts";
import { findLaunches, waitForExit } from "./found-launches.ts";
import { type JoinedTerminal, joinTerminal, type TerminalJoin } from "./join-terminal.ts";
import { beginLaunch, openCommand, readOutput, stopLaunch } from "./launch.ts";
import { startLaunch } from "./start-launch.ts";

const SCREEN = { columns: 100, rows: 30 };
const clock = systemClock;
const HTTP_SERVER = `
  my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die "no port: $!";
  print STDERR "listening as $ENV{GUISE_APP} in $ENV{PLACE}\\n";
  while (my $c = $s->accept) { my $l = <$c>; print $c "HTTP/1.1 204 Fine\\r\\n\\r\\n"; close $c }`;

/** Waits for input, and looks now and then whether a signal came between two looks: Perl runs no handler while it reads. */
const WAIT = `sub input { my $r; do { $r = ""; vec($r, 0, 1) = 1 } until select($r, undef, undef, 0.02) > 0 }`;
const ECHO_WITH_SIZE = `${WAIT}
  $| = 1; $SIG{WINCH} = sub { print "size ", \`stty size\` }; print "began $ENV{TERM} $ENV{GUISE_APP} ", \`stty size\`;
  my $in = "";
  for (;;) { input(); last unless sysread STDIN, $in, 4096, length $in; while ($in =~ s/^(.*\\n)//) { print "got $1"; exit 7 if $1 =~ /end/ } }`;

/** Every byte of input, escapes as E, and each new size in parentheses. */
const SHOW_INPUT = `${WAIT}
  system "stty raw -echo"; $| = 1; $SIG{WINCH} = sub { my $size = \`stty size\`; chomp $size; print "($size)" }; print "began";
  for (;;) { input(); my $count = sysread STDIN, my $in, 4096; next unless defined $count; last unless $count; $in =~ s/\\e/E/g; print $in }`;

describe.skipIf(!canLookAlike())("launching in a sandbox with the real OpenSSH", () => {
  let sandbox: SandboxLookalike;
  let channel: Channel;
  const newId = () => randomIds.next("l", 12);
  const found = async (launchId: string) => (await findLaunches(channel)).find((launch) => launch.launchId === launchId);

  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channel = await sandbox.connect();
  });
  afterAll(async () => {
    channel.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test("a terminal outlives its viewer and the channel, goes on at the byte, and its exit code is kept", async () => {
    const launchId = newId();
    const first = await sandbox.connect();
    const command = ["perl", "-e", ECHO_WITH_SIZE];
    await beginLaunch(first, { launchId, kind: "terminal", command, size: { columns: 90, rows: 20 } });
    const viewer = await Viewer.join(first, launchId, { viewer: "ann" });
    // Whether it began before or after it got the size of its viewer.
    await viewer.shows("30 100");
    viewer.say("one\n");
    await viewer.shows("got one");
    first.close();
    await first.closed;

    expect(await found(launchId)).toMatchObject({ state: "running", kind: "terminal", command });
    const again = await Viewer.join(channel, launchId, { viewer: "ann", from: viewer.offset, size: { ...SCREEN, columns: 70 } });
    expect(again.terminal.standing).toMatchObject({ offset: viewer.offset, received: 4 });
    await again.shows("size 30 70");
    expect(again.text).not.toContain("got one");
    again.say("end\n");
    expect(await again.exited).toBe(7);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 7 });
    const late = await Viewer.join(channel, launchId, { viewer: "late" });
    expect(await late.exited).toBe(7);
    expect(late.text).toBe(`${viewer.text}${again.text}`);
  });

  test("not a byte is lost or doubled over many drops, and a viewer that reads nothing holds up nobody else for long", async () => {
    const launchId = newId();
    // Every byte value, in an order that repeats nowhere; raw, so that the terminal leaves it as it is.
    const torture = `use Digest::MD5; system "stty raw -echo"; $| = 1; print "raw"; my $all = Digest::MD5->new; <STDIN>;
      for my $n (1 .. 6000) { my $part = Digest::MD5::md5($n) x 64; $all->add($part); print $part } print "\n", $all->hexdigest, "\n"; <STDIN>`;
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["perl", "-e", torture] });
    const idle = await joinTerminal(channel, launchId, { viewer: "idle", size: SCREEN });
    let from: number | undefined = 0;
    let tail = "";
    for (let drop = 0; !/\n[0-9a-f]{32}\n$/.test(tail); drop++) {
      const own = drop % 5 === 4 ? await sandbox.connect() : channel;
      const viewer: Viewer = await Viewer.join(own, launchId, { viewer: "ann", from });
      expect(viewer.terminal.standing.offset).toBe(from);
      // Before it is raw, the terminal itself says what is typed.
      if (drop === 0) await viewer.shows("raw");
      if (drop === 0) viewer.say("\n");
      await viewer.hears("raw".length + 1 + ((drop * 37_123) % 300_000));
      if (own === channel) viewer.terminal.close();
      else own.close();
      from = viewer.offset;
      tail = (tail + viewer.bytes.toString("latin1")).slice(-34);
    }
    expect(from).toBe("raw".length + 6000 * 1024 + 34);
    idle.close();
    const whole = await Viewer.join(channel, launchId, { viewer: "ann", from });
    whole.say("\n");
    expect(await whole.exited).toBe(0);
    expect(tail.slice(1, 33)).toBe(md5Of(6000));
  }, 60_000);

  test("what is typed while the connection drops arrives once", async () => {
    const launchId = newId();
    await beginLaunch(channel, {
      launchId,
      kind: "terminal",
      command: ["perl", "-e", 'system "stty -echo"; while (<STDIN>) { print "<$_>" }'],
    });
    const viewer = await Viewer.join(channel, launchId, { viewer: "ann" });
    viewer.say("a\nb\n");
    await viewer.shows("<b");
    viewer.terminal.close();
    const again = await Viewer.join(channel, launchId, { viewer: "ann", from: viewer.offset });
    expect(again.terminal.standing.received).toBe(4);
    const other = await Viewer.join(channel, launchId, { viewer: "bob" });
    expect(other.terminal.standing.received).toBe(0);
    await stopLaunch(channel, launchId);
  });

  test("without anybody a program goes on, and of much output who comes later sees the end, from the beginning of a line", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["sh", "-c", "seq 1 400000; cat"] });
    const early = await Viewer.join(channel, launchId, { viewer: "early" });
    await early.shows("400000\r\n");
    early.terminal.leave();
    const late = await Viewer.join(channel, launchId, { viewer: "late" });
    await late.shows("400000\r\n");
    expect(late.bytes.length).toBeLessThanOrEqual(65_536);
    expect(late.text).toMatch(/^\d{6}\r\n/);
    await stopLaunch(channel, launchId);
  });

  test("of several viewers one leads: it alone answers the program, and the terminal has its size; who acts leads", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["perl", "-e", SHOW_INPUT], size: SCREEN });
    const ann = await Viewer.join(channel, launchId, { viewer: "ann" });
    await ann.shows("began");
    const bob = await Viewer.join(channel, launchId, { viewer: "bob", size: { columns: 80, rows: 20 } });
    await ann.shows("(20 80)");
    ann.say("\u001b[?1;2c");
    bob.say("\u001b[>0;276;0c\u001bP>|terminal(1)\u001b\\");
    await ann.shows("E[>0;276;0c");
    ann.say("a");
    await ann.shows("(30 100)");
    bob.say("\u001b]11;rgb:0000/0000/0000\u0007");
    // Bob's window is left by the pointer: that is none of the program's questions, and no act.
    bob.say("\u001b[O");
    await ann.shows("E[O");
    ann.say("\u001b[12;40R");
    await ann.shows("E[12;40R");
    bob.terminal.resize({ columns: 70, rows: 20 });
    await ann.shows("(20 70)");
    // One that breaks off keeps the lead for the time in which it may come back; one that leaves hands it on.
    bob.terminal.close();
    const again = await Viewer.join(channel, launchId, { viewer: "bob", from: bob.offset, size: { columns: 71, rows: 20 } });
    expect(again.terminal.standing.received).toBe(bob.said);
    await ann.shows("(20 71)");
    again.terminal.leave();
    await ann.shows("(30 100)", 2);
    ann.say("\u001b[?2026;2$y");
    await ann.shows("E[?2026;2$y");
    const input = ann.text.replace(/began|\(\d+ \d+\)/g, "");
    expect(input).toBe("E[>0;276;0cEP>|terminal(1)E\\aE[OE[12;40RE[?2026;2$y");
    await stopLaunch(channel, launchId);
  });

  test("for who missed something the screen is painted anew, at the size of who leads", async () => {
    const launchId = newId();
    const command = ["perl", "-e", `print "x" x (3 << 19); ${SHOW_INPUT}`];
    await beginLaunch(channel, { launchId, kind: "terminal", command, size: SCREEN });
    const ann = await Viewer.join(channel, launchId, { viewer: "ann" });
    await ann.shows("began");
    const bob = await Viewer.join(channel, launchId, { viewer: "bob", from: 5, size: { columns: 70, rows: 20 } });
    expect(bob.terminal.standing.offset).toBeGreaterThan(5);
    // It saw another size in between; on a busy machine it looks when it is the old one again.
    await bob.shows("(30 100)");
    await stopLaunch(channel, launchId);
  });

  test("a shell shows its prompt to who comes later", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["bash", "--norc"], variables: { PS1: "ready> " } });
    for (const name of ["one", "two"]) {
      const viewer = await Viewer.join(channel, launchId, { viewer: name });
      await viewer.shows("ready> ");
      viewer.terminal.leave();
    }
    await stopLaunch(channel, launchId);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 129 });
  });

  test("a program that ends at once is heard, and nothing but the program", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["sh", "-c", "echo no such host; exit 2"] });
    const viewer = await Viewer.join(channel, launchId, { viewer: "ann" });
    expect(await viewer.exited).toBe(2);
    expect(viewer.text).toBe("no such host\r\n");
  });

  test("leaving a terminal leaves its program, and its holder ends with it", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["cat"] });
    const viewer = await Viewer.join(channel, launchId, { viewer: "ann" });
    viewer.say("x\n");
    await viewer.shows("x");
    viewer.terminal.leave();
    expect((await found(launchId))?.state).toBe("running");
    await stopLaunch(channel, launchId);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 143 });
    await expect
      .poll(async () => (await channel.run(`pgrep -f '[g]uise/terminal.*${launchId}' | wc -l`)).stdout, { timeout: 15_000 })
      .toBe("0\n");
  });

  test("a terminal whose holder was killed from inside ends with it", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["sh", "-c", "cat; exit 3"] });
    const viewer = await Viewer.join(channel, launchId, { viewer: "ann" });
    await channel.run(`pkill -KILL -f '[g]uise/terminal.*${launchId}'`);
    await expect(viewer.exited).rejects.toMatchObject({ code: "channel_lost" });
    // Its terminal is gone, and with it the program.
    await expect.poll(async () => (await found(launchId))?.state).toBe("exited");
    const late = await Viewer.join(channel, launchId, { viewer: "ann" });
    expect(await late.exited).toBe(3);
  });

  test("a web application is ready when its port answers, has its variables, and keeps its output", async () => {
    const launchId = newId();
    await startLaunch(
      channel,
      {
        launchId,
        kind: "web",
        command: ["perl", "-MIO::Socket::INET", "-e", HTTP_SERVER, "8801"],
        variables: { PLACE: "it's $HOME" },
        readiness: { port: 8801, path: "/status?x=1", within: 10_000 },
      },
      { clock },
    );
    expect(await readOutput(channel, launchId)).toBe(`listening as ${launchId} in it's $HOME\n`);
    const launch = await found(launchId);
    expect(launch).toMatchObject({ state: "running", kind: "web" });
    expect(Math.abs((launch?.startedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await stopLaunch(channel, launchId);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 143 });
    await stopLaunch(channel, launchId);
  });

  test("a web application that ends before it is ready is a failed launch with its last words, at once", async () => {
    const launchId = newId();
    const command = ["bash", "-c", "echo $'\\e[31mno such table'; exit 3"];
    const starting = startLaunch(channel, { launchId, kind: "web", command, readiness: { port: 8802, within: 60_000 } }, { clock });
    await expect(starting).rejects.toMatchObject({
      code: "launch_failed",
      message: expect.stringMatching(/ended with 3\nno such table$/),
    });
  });

  test("a web application that never answers is stopped", async () => {
    const launchId = newId();
    const readiness = { socket: "/run/guise/none", within: 300 };
    const starting = startLaunch(channel, { launchId, kind: "web", command: ["sleep", "1000"], readiness }, { clock });
    await expect(starting).rejects.toMatchObject({ code: "launch_failed" });
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 143 });
  });

  test("output is bounded, and its end is kept", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "command", command: ["sh", "-c", "seq 1 100000; echo last"] });
    expect(await waitForExit(channel, launchId)).toBe(0);
    await expect.poll(async () => (await readOutput(channel, launchId)).endsWith("100000\nlast\n")).toBe(true);
    expect((await readOutput(channel, launchId)).length).toBe(65_536);
    const { stdout } = await channel.run(`du -sk /run/guise/launches/${launchId}`);
    expect(Number.parseInt(stdout, 10)).toBeLessThan(200);
  });

  test("what ignores the request to end, or left its session, is ended all the same", async () => {
    const launchId = newId();
    const program = `trap '' TERM HUP; setsid sh -c 'trap "" TERM; echo a; while :; do sleep 0.2; done' & echo b; while :; do sleep 0.2; done`;
    await beginLaunch(channel, { launchId, kind: "command", command: ["bash", "-c", program] });
    // Both ignore it from now on.
    await expect.poll(async () => (await readOutput(channel, launchId)).trim().split("\n").sort()).toEqual(["a", "b"]);
    await stopLaunch(channel, launchId, 200);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 137 });
    expect((await channel.run(`grep -lzx GUISE_APP=${launchId} /proc/[0-9]*/environ 2> /dev/null | wc -l`)).stdout).toBe("0\n");
  });

  test("arguments, folder and variables arrive as they are", async () => {
    const launchId = newId();
    await channel.run("mkdir -p '~odd' 'a folder'");
    const command = ["sh", "-c", 'printf "%s|" "$PWD" "$A" "$@"', "sh", "it's", "$(id)", "", "a\nb", "é"];
    await beginLaunch(channel, { launchId, kind: "command", command, workingDirectory: "~/a folder", variables: { A: "'\n$x" } });
    await waitForExit(channel, launchId);
    await expect.poll(() => readOutput(channel, launchId)).toBe("/home/user/a folder|'\n$x|it's|$(id)||a\nb|é|");
  });

  test("a program or folder that is not there, or an id used before, is a failed launch", async () => {
    const launchId = newId();
    const spec = { launchId, kind: "command", command: ["no-such-program"] } as const;
    await expect(beginLaunch(channel, spec)).rejects.toMatchObject({
      code: "launch_failed",
      message: "there is no program no-such-program",
    });
    await expect(beginLaunch(channel, { ...spec, command: ["true"], workingDirectory: "/none" })).rejects.toMatchObject({
      message: "there is no folder /none",
    });
    await beginLaunch(channel, { ...spec, command: ["true"] });
    await expect(beginLaunch(channel, { ...spec, command: ["true"] })).rejects.toMatchObject({ code: "launch_failed" });
    await expect(beginLaunch(channel, { ...spec, launchId: "../x" })).rejects.toMatchObject({ code: "launch_failed" });
    await expect(beginLaunch(channel, { ...spec, launchId: newId(), command: ["a\0b"] })).rejects.toMatchObject({
      code: "unfit_arguments",
    });
  });

  test("a launch whose processes were killed from inside is lost", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "command", command: ["sleep", "1000"] });
    await channel.run(`read pid rest < /run/guise/launches/${launchId}/pid; pkill -KILL -s $pid`);
    await expect.poll(async () => (await found(launchId))?.state).toBe("lost");
    expect(await waitForExit(channel, launchId)).toBeUndefined();
  });

  test("of many launches that ended the oldest are forgotten, one that runs is not", async () => {
    const running = newId();
    await beginLaunch(channel, { launchId: running, kind: "command", command: ["sleep", "1000"] });
    const record = JSON.stringify({ kind: "command", command: ["true"] });
    await channel.run(`cd /run/guise/launches; touch -d @1 ${running}; for i in $(seq 1 150); do mkdir old-$i; echo '${record}' > old-$i/launch.json
      echo "0 1" > old-$i/exit; touch -d @$((i + 10)) old-$i; done`);
    await beginLaunch(channel, { launchId: newId(), kind: "command", command: ["true"] });
    const ids = (await findLaunches(channel)).map(({ launchId }) => launchId);
    expect(ids.length).toBeLessThanOrEqual(101);
    expect(ids).toContain(running);
    expect(ids).toContain("old-150");
    expect(ids).not.toContain("old-1");
    await stopLaunch(channel, running, 500);
  });

  test("a command in the foreground has the caller's streams and exit code", async () => {
    const running = await openCommand(channel, ["sh", "-c", 'read x; echo "$x $1"; exit 9', "sh", "it's"]);
    running.stdin.end("in\n");
    await shows(running.stdout, "in it's");
    expect((await running.exited).exit).toBe(9);
  });

  test.each(["-c", "-l", "-a", "--", "-", "", "A=b", "exec", "cd", "$(id)"])(
    "a first word %j names a program, and nothing of the shell",
    async (word) => {
      const running = await openCommand(channel, [word, "echo done by the shell"], { variables: { STAYS: "1" } });
      const said = Promise.all([text(running.stdout), text(running.stderr)]);
      expect((await running.exited).exit).toBe(127);
      expect((await said)[0]).toBe("");
      expect((await said)[1]).toMatch(/not found/);
    },
  );

  test("a program that is called like an option is run", async () => {
    await channel.run("mkdir -p bin && printf '#!/bin/sh\\necho ran with $1 $STAYS\\n' > bin/-c && chmod 755 bin/-c");
    const { stdout } = await channel.run("pwd");
    const running = await openCommand(channel, ["env", `PATH=${stdout.trim()}/bin:/usr/bin:/bin`, "-c", "this"]);
    expect(await text(running.stdout)).toContain("ran with this");
  });

  test("what no program can be given is refused as such", async () => {
    await expect(openCommand(channel, ["echo", "a\0b"])).rejects.toMatchObject({ code: "unfit_arguments" });
    await expect(openCommand(channel, ["echo", "x".repeat(4_000_000)])).rejects.toMatchObject({ code: "unfit_arguments" });
  });
});

/** A viewer that takes what comes. */
class Viewer {
  readonly exited: Promise<number>;
  readonly terminal: JoinedTerminal;
  #bytes: Buffer[] = [];
  #look = () => {};
  offset: number;
  /** Bytes of input. */
  said = 0;

  static async join(channel: Channel, launchId: string, join: Partial<TerminalJoin> & { viewer: string }): Promise<Viewer> {
    return new Viewer(await joinTerminal(channel, launchId, { size: SCREEN, ...join }));
  }

  private constructor(terminal: JoinedTerminal) {
    this.terminal = terminal;
    this.offset = terminal.standing.offset;
    this.exited = new Promise((resolve, reject) => {
      terminal.handle({
        output: (bytes) => {
          this.#bytes.push(bytes);
          this.offset += bytes.length;
          terminal.taken(this.offset);
          this.#look();
        },
        received() {},
        exited: resolve,
        lost: reject,
      });
    });
    this.exited.catch(() => {});
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#bytes);
  }

  get text(): string {
    return this.bytes.toString("utf8");
  }

  say(text: string): void {
    const bytes = Buffer.from(text);
    this.said += bytes.length;
    this.terminal.input(bytes);
  }

  async shows(text: string, times = 1): Promise<void> {
    await this.#until(() => this.text.split(text).length > times);
  }

  /** At least so many bytes, or all. */
  async hears(bytes: number): Promise<void> {
    await this.#until(() => this.bytes.length >= bytes || /\n[0-9a-f]{32}\n$/.test(this.bytes.subarray(-34).toString("latin1")));
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds())
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
  }
}

/** What the torture program prints, summed up. */
function md5Of(parts: number): string {
  const all = createHash("md5");
  for (let n = 1; n <= parts; n++) {
    const part = createHash("md5").update(String(n)).digest();
    for (let count = 0; count < 64; count++) all.update(part);
  }
  return all.digest("hex");
}

async function shows(output: NodeJS.ReadableStream, text: string): Promise<void> {
  let shown = "";
  const collect = (data: Buffer) => {
    shown += data;
  };
  output.on("data", collect);
  while (!shown.includes(text)) await once(output, "data");
  output.off("data", collect);
}
