import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type ClientControl, type ServerControl, STREAM } from "@guise/contract";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { randomIds, silentLog, systemClock } from "#foundation";
import { beginLaunch, findLaunches, stopLaunch } from "#provisioning";
import { canLookAlike, SandboxLookalike } from "#provisioning/sandbox-lookalike";
import { serveForward } from "./serve-forward.ts";
import { serveCommand, serveExec } from "./serve-process.ts";
import { serveTerminal } from "./serve-terminal.ts";
import { type OpenChannel, SharedChannels } from "./shared-channels.ts";
import type { StreamWatch } from "./stream-watch.ts";
import { UNWATCHED } from "./stream-watch.ts";

const clock = systemClock;
const TARGET = { workspace: "w", generation: 1 };
const SCREEN = { columns: 90, rows: 25, type: "xterm-256color" };
const ECHO_SERVER = `
  my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8901, Listen => 5, ReuseAddr => 1) or die;
  while (my $c = $s->accept) { if (fork == 0) { print $c "hello\\n"; while (sysread $c, my $b, 65536) { syswrite $c, uc $b } exit } close $c }`;

/** A person's end: what the agent would be. */
class Person {
  readonly socket: WebSocket;
  readonly said = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  readonly controls: ServerControl[] = [];
  readonly closed: Promise<number>;

  constructor(url: string) {
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.on("message", (data: Buffer, binary) => {
      if (!binary) this.controls.push(JSON.parse(data.toString()));
      else if (data[0] === STREAM.stdout) this.said.stdout = Buffer.concat([this.said.stdout, data.subarray(1)]);
      else this.said.stderr = Buffer.concat([this.said.stderr, data.subarray(1)]);
    });
  }

  tell(message: ClientControl): void {
    this.socket.send(JSON.stringify(message));
  }

  type(text: string | Buffer): void {
    this.socket.send(Buffer.concat([Buffer.from([STREAM.stdin]), Buffer.from(text)]));
  }

  shown(): string {
    return this.said.stdout.toString();
  }
}

describe.skipIf(!canLookAlike())("streams between a person and a sandbox", () => {
  let sandbox: SandboxLookalike;
  let channels: SharedChannels;
  let server: WebSocketServer;
  let serve: (socket: WebSocket) => void = () => {};
  const light: OpenChannel = () => channels.lease(TARGET, "light");
  const bulk: OpenChannel = () => channels.lease(TARGET, "bulk");
  const people: Person[] = [];

  async function person(serving: (socket: WebSocket) => void): Promise<Person> {
    serve = serving;
    const one = new Person(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    people.push(one);
    await once(one.socket, "open");
    return one;
  }
  const inside = async (command: string) => {
    const { channel, release } = await light();
    const { stdout } = await channel.run(command);
    release();
    return stdout;
  };

  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channels = new SharedChannels({ connect: () => sandbox.connect(), clock, log: silentLog });
    server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
    server.on("connection", (socket) => serve(socket));
    await once(server, "listening");
  });
  afterEach(() => {
    for (const one of people.splice(0)) one.socket.terminate();
  });
  afterAll(async () => {
    channels.close();
    server.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test("a command gets its arguments and input, and its outputs come before its exit code", async () => {
    const one = await person((socket) => serveExec(socket, light, clock));
    one.tell({ kind: "start", command: ["sh", "-c", 'cat; echo "$1" >&2; exit 5', "sh", "it's"] });
    one.type("some input");
    one.tell({ kind: "end" });
    expect(await one.closed).toBe(1000);
    expect(one.shown()).toBe("some input");
    expect(one.said.stderr.toString()).toBe("it's\n");
    expect(one.controls).toEqual([{ kind: "started" }, { kind: "exit", exit: 5 }]);
  });

  test("an end by signal is told, and signals reach the command", async () => {
    const one = await person((socket) => serveExec(socket, light, clock));
    one.tell({ kind: "start", command: ["sleep", "1000"] });
    await expect.poll(() => one.controls.length).toBe(1);
    one.tell({ kind: "signal", signal: "INT" });
    expect(await one.closed).toBe(1000);
    expect(one.controls.at(-1)).toEqual({ kind: "exit", exit: 130, signal: "INT" });
  });

  test("an end that may have been the kernel's is looked into, and what is behind it is told with it", async () => {
    const limit = { limit: "memory", at: "2026-01-01T12:03:04.000Z", count: 1, message: "too much", remedy: "more" } as const;
    const asked: number[] = [];
    const killedSince = async (since: number) => {
      asked.push(since);
      return limit;
    };
    const began = clock.monotonic();
    for (const [script, end] of [
      ["kill -9 $$", { exit: 137, signal: "KILL", limit }],
      ["exit 137", { exit: 137, limit }],
      ["exit 3", { exit: 3 }],
    ] as const) {
      const one = await person((socket) => serveExec(socket, light, clock, { ...UNWATCHED, killedSince }));
      one.tell({ kind: "start", command: ["sh", "-c", script] });
      expect(await one.closed).toBe(1000);
      expect(one.controls.at(-1)).toEqual({ kind: "exit", ...end });
    }
    expect(asked.length).toBe(2);
    for (const since of asked) expect(since).toBeGreaterThanOrEqual(began);
  });

  test("a shell in a terminal follows the person's size", async () => {
    const one = await person((socket) => serveExec(socket, light, clock));
    one.tell({ kind: "start", terminal: SCREEN });
    one.type("stty size\n");
    await expect.poll(() => one.shown()).toContain("25 90");
    one.tell({ kind: "resize", columns: 100, rows: 40 });
    one.type("stty size; exit 3\n");
    expect(await one.closed).toBe(1000);
    expect(one.shown()).toContain("40 100");
    expect(one.controls.at(-1)).toEqual({ kind: "exit", exit: 3 });
  });

  describe("who watches hears", () => {
    /** What is heard, in order, without what is told twice in a row; and a way to tell the person something. */
    function watching() {
      const heard: string[] = [];
      let tell: (message: string) => void = () => {};
      const hear = (what: string) => heard.at(-1) !== what && heard.push(what);
      const watch: StreamWatch = {
        input: () => void hear("input"),
        output: () => void hear("output"),
        command: () => {
          hear("command");
          return () => void hear("over");
        },
        onNotice: (given) => {
          tell = given;
          return () => void hear("forgotten");
        },
        killedSince: async () => undefined,
      };
      return { heard, watch, tell: (message: string) => tell(message) };
    }

    test("a command that is waited for until it ends, its output as it is seen, and no silence", async () => {
      const { heard, watch, tell } = watching();
      const one = await person((socket) => serveExec(socket, light, clock, watch));
      one.tell({ kind: "start", command: ["sh", "-c", "read go; echo $go; read stop"] });
      await expect.poll(() => heard, { interval: 20 }).toEqual(["command"]);
      // Beside the stream: what the command writes is not touched.
      tell("it is about to be\u202e suspended");
      one.type("on\n");
      await expect.poll(() => heard, { interval: 20 }).toEqual(["command", "input", "output"]);
      one.type("\n");
      expect(await one.closed).toBe(1000);
      expect(one.controls).toEqual([
        { kind: "started" },
        { kind: "notice", message: "it is about to be suspended" },
        { kind: "exit", exit: 0 },
      ]);
      expect(one.shown()).toBe("on\n");
      await expect
        .poll(() => heard.filter((what) => what !== "input" && what !== "output"), { interval: 20 })
        .toEqual(["command", "over", "forgotten"]);
    });

    test("a command that its person left is waited for by nobody", async () => {
      const { heard, watch } = watching();
      const one = await person((socket) => serveExec(socket, light, clock, watch));
      one.tell({ kind: "start", command: ["sleep", "1000"] });
      await expect.poll(() => heard, { interval: 20 }).toEqual(["command"]);
      one.socket.terminate();
      await expect.poll(() => heard, { interval: 20 }).toContain("over");
    });

    test("a shell that waits for its person is no command", async () => {
      const { heard, watch } = watching();
      const one = await person((socket) => serveExec(socket, light, clock, watch));
      one.tell({ kind: "start", terminal: SCREEN });
      await expect.poll(() => heard, { interval: 20 }).toEqual(["output"]);
      one.tell({ kind: "resize", columns: 99, rows: 20 });
      one.type("exit\n");
      await one.closed;
      expect(heard).not.toContain("command");
    });

    test("of a terminal only what is written while somebody looks on", async () => {
      const launchId = randomIds.next("l", 10);
      const { channel, release } = await light();
      await beginLaunch(channel, {
        launchId,
        kind: "terminal",
        command: ["sh", "-c", "stty -echo; echo before; read go; echo after; read more"],
      });
      const earlier = await person((socket) => serveTerminal(socket, light, launchId, clock));
      earlier.tell({ kind: "start", terminal: SCREEN });
      await expect.poll(() => earlier.shown(), { interval: 20 }).toContain("before");
      earlier.socket.terminate();
      const { heard, watch } = watching();
      const one = await person((socket) => serveTerminal(socket, light, launchId, clock, watch));
      one.tell({ kind: "start", terminal: SCREEN, viewer: { name: "ann" } });
      await expect.poll(() => one.shown(), { interval: 20 }).toContain("before");
      one.tell({ kind: "taken", offset: "before\r\n".length });
      one.type("go\n");
      await expect.poll(() => one.shown(), { interval: 20 }).toContain("after");
      expect(heard).toEqual(["input"]);
      one.tell({ kind: "taken", offset: "before\r\nafter\r\n".length });
      await expect.poll(() => heard, { interval: 20 }).toEqual(["input", "output"]);
      one.tell({ kind: "leave" });
      await one.closed;
      await stopLaunch(channel, launchId);
      release();
    });
  });

  test("more output than the person takes waits inside, and nothing is lost", async () => {
    const one = await person((socket) => serveExec(socket, light, clock));
    let taken = 0;
    one.socket.removeAllListeners("message");
    one.socket.on("message", (data: Buffer, binary) => {
      if (binary) taken += data.length - 1;
      else one.controls.push(JSON.parse(data.toString()));
    });
    one.socket.pause();
    one.tell({ kind: "start", command: ["sh", "-c", "echo $$ > ~/pid; exec head -c 60000000 /dev/zero"] });
    const written = async () => Number((await inside("sed -n 's/^wchar: //p' /proc/$(cat ~/pid)/io")) || 0);
    await expect.poll(written).toBeGreaterThan(10_000);
    const stands = async () => {
      const before = await written();
      return (await written()) === before;
    };
    await expect.poll(stands).toBe(true);
    // What is on the way is held by somebody: pipe, server, channel and socket together no more than this.
    expect(await written()).toBeLessThan(20 * 2 ** 20);
    one.socket.resume();
    expect(await one.closed).toBe(1000);
    expect(taken).toBe(60_000_000);
  });

  test("more input than the command reads waits at the person, and nothing is lost", async () => {
    const one = await person((socket) => serveExec(socket, light, clock));
    one.tell({ kind: "start", command: ["sh", "-c", "while [ ! -e go ]; do sleep 0.05; done; wc -c"] });
    const block = Buffer.alloc(500_000);
    for (let i = 0; i < 40; i++) one.type(block);
    one.tell({ kind: "end" });
    await expect.poll(() => one.controls.length).toBe(1);
    const stands = async () => {
      const before = one.socket.bufferedAmount;
      for (let i = 0; i < 5; i++) await inside("true");
      return one.socket.bufferedAmount === before;
    };
    await expect.poll(stands).toBe(true);
    expect(one.socket.bufferedAmount).toBeGreaterThan(5_000_000);
    await inside("touch go");
    expect(await one.closed).toBe(1000);
    expect(one.shown()).toBe("20000000\n");
  });

  test("when the person leaves, the command ends", async () => {
    const one = await person((socket) => serveExec(socket, light, clock));
    one.tell({ kind: "start", command: ["sleep", "4321"] });
    await expect.poll(() => inside("pgrep -c -f '^sleep 4321' || :")).toBe("1\n");
    one.socket.terminate();
    await expect.poll(() => inside("pgrep -c -f '^sleep 4321' || :")).toBe("0\n");
  });

  test.each<[string, () => unknown]>([
    ["whose server is killed from inside", () => inside("pkill -9 sshd").catch(() => {})],
    ["whose channels are dropped", () => channels.invalidate(TARGET.workspace)],
  ])("a foreground command %s is over, and only that", async (_what, cut) => {
    const moves: unknown[] = [];
    const command = { command: ["sleep", "1000"], variables: {}, moved: (change: unknown) => void moves.push(change) };
    const one = await person((socket) => serveCommand(socket, light, command, clock));
    one.tell({ kind: "start" });
    await expect.poll(() => moves).toEqual([{ state: "running" }]);
    await cut();
    await one.closed;
    await expect.poll(() => moves).toEqual([{ state: "running" }, { state: "exited", exit: 255 }]);
    expect(await inside("echo lives")).toBe("lives\n");
  });

  test.each<[string, (one: Person) => void, number]>([
    ["a text that is no JSON", (one) => one.socket.send("hello"), 1003],
    ["another kind of message", (one) => one.socket.send('{"kind":"exit","exit":0}'), 1003],
    ["a field too many", (one) => one.socket.send('{"kind":"end","x":1}'), 1003],
    ["bytes for standard output", (one) => one.socket.send(Buffer.from([1, 65])), 1003],
    ["bytes for nothing", (one) => one.socket.send(Buffer.alloc(0)), 1003],
    ["a second start", (one) => one.tell({ kind: "start" }), 1003],
    ["too many bytes at once", (one) => one.socket.send(Buffer.alloc(2 ** 20 + 1)), 1009],
    ["too long a text", (one) => one.socket.send("x".repeat(300_000)), 1009],
  ])("%s ends the stream with an error, and the command with it", async (_what, misbehave, code) => {
    const one = await person((socket) => serveExec(socket, light, clock));
    one.tell({ kind: "start", command: ["sleep", "999"] });
    await expect.poll(() => one.controls.length).toBe(1);
    misbehave(one);
    expect(await one.closed).toBe(code);
    expect(one.controls.at(-1)).toMatchObject({ kind: "error", code: "invalid" });
    await expect.poll(() => inside("pgrep -c -f '^sleep 999' || :")).toBe("0\n");
  });

  test("whoever does not begin with a start is sent away", async () => {
    const one = await person((socket) => serveExec(socket, light, clock));
    one.tell({ kind: "end" });
    expect(await one.closed).toBe(1011);
    expect(one.controls).toMatchObject([{ kind: "error", code: "launch_failed" }]);
  });

  test("a terminal of a launch is joined and left; its program's end is told", async () => {
    const launchId = randomIds.next("l", 10);
    const { channel, release } = await light();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["sh", "-c", "read x; echo got $x; read y; exit 6"] });
    const one = await person((socket) => serveTerminal(socket, light, launchId, clock));
    one.tell({ kind: "start", terminal: SCREEN });
    one.type("first\n");
    await expect.poll(() => one.shown()).toContain("got first");
    one.socket.terminate();
    await one.closed;
    const other = await person((socket) => serveTerminal(socket, light, launchId, clock));
    other.tell({ kind: "start", terminal: SCREEN });
    other.type("second\n");
    expect(await other.closed).toBe(1000);
    expect(other.controls.at(-1)).toEqual({ kind: "exit", exit: 6 });
    expect((await findLaunches(channel)).find((each) => each.launchId === launchId)).toMatchObject({ state: "exited", exit: 6 });
    release();
  });

  test("a viewer of a terminal goes on at the byte, holds it back by what it has taken, and may leave for good", async () => {
    const launchId = randomIds.next("l", 10);
    const { channel, release } = await light();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["sh", "-c", "stty -echo; read go; seq 1 400000; read more"] });
    const one = await person((socket) => serveTerminal(socket, light, launchId, clock));
    one.tell({ kind: "start", terminal: SCREEN, viewer: { name: "ann", from: 0 } });
    one.type("go\n");
    await expect.poll(() => one.said.stdout.length).toBeGreaterThanOrEqual(256 * 1024);
    const held = one.said.stdout.length;
    expect(held).toBeLessThan(300_000);
    expect(one.controls[0]).toMatchObject({ kind: "started", offset: 0, received: 0 });
    expect(one.controls).toContainEqual({ kind: "received", bytes: 3 });
    one.tell({ kind: "taken", offset: 1000 });
    one.socket.terminate();
    await one.closed;
    const again = await person((socket) => serveTerminal(socket, light, launchId, clock));
    again.tell({ kind: "start", terminal: SCREEN, viewer: { name: "ann", from: 1000 } });
    await expect.poll(() => again.said.stdout.length).toBeGreaterThanOrEqual(256 * 1024);
    expect(again.controls[0]).toMatchObject({ kind: "started", offset: 1000, received: 3 });
    const both = Math.min(again.said.stdout.length, held - 1000);
    expect(again.said.stdout.subarray(0, both).equals(one.said.stdout.subarray(1000, 1000 + both))).toBe(true);
    again.tell({ kind: "leave" });
    expect(await again.closed).toBe(1000);
    await stopLaunch(channel, launchId);
    release();
  });

  test("a viewer says nothing that has no place, and a launch without a terminal has none", async () => {
    const launchId = randomIds.next("l", 10);
    const { channel, release } = await light();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["cat"] });
    const odd = await person((socket) => serveTerminal(socket, light, launchId, clock));
    odd.tell({ kind: "start", viewer: { name: "../x" } });
    expect(await odd.closed).toBe(1003);
    const far = await person((socket) => serveTerminal(socket, light, launchId, clock));
    far.tell({ kind: "start", viewer: { name: "far", from: 10 ** 12 } });
    far.tell({ kind: "taken", offset: 10 ** 13 });
    far.type("x\n");
    await expect.poll(() => far.shown()).toContain("x");
    far.socket.terminate();
    const none = await person((socket) => serveTerminal(socket, light, "l-none", clock));
    none.tell({ kind: "start" });
    expect(await none.closed).toBe(1011);
    expect(none.controls).toMatchObject([{ kind: "error", code: "launch_failed" }]);
    await stopLaunch(channel, launchId);
    release();
  });

  test("a port inside is reached; its end is the goodbye, and a closed one an error", async () => {
    const launchId = randomIds.next("l", 10);
    const { channel, release } = await light();
    await beginLaunch(channel, { launchId, kind: "web", command: ["perl", "-MIO::Socket::INET", "-e", ECHO_SERVER] });
    await expect.poll(() => inside("grep -c ':22C5 ' /proc/net/tcp || :")).toBe("1\n");
    const one = await person((socket) => serveForward(socket, bulk, { port: 8901 }));
    const sent = Buffer.alloc(3_000_000, "a");
    for (let at = 0; at < sent.length; at += 100_000) one.type(sent.subarray(at, at + 100_000));
    await expect.poll(() => one.said.stdout.length, { timeout: 10_000 }).toBe(3_000_006);
    one.tell({ kind: "end" });
    expect(await one.closed).toBe(1000);
    expect(one.shown().startsWith("hello\nAAAA")).toBe(true);
    await stopLaunch(channel, launchId, 500);
    release();
    const refused = await person((socket) => serveForward(socket, bulk, { port: 8902 }));
    expect(await refused.closed).toBe(1011);
    expect(refused.controls).toMatchObject([{ kind: "error", code: "launch_failed" }]);
  });

  test("a lost channel is told", async () => {
    const target = { workspace: "other", generation: 1 };
    const one = await person((socket) => serveExec(socket, () => channels.lease(target, "light"), clock));
    one.tell({ kind: "start", command: ["sleep", "1000"] });
    await expect.poll(() => one.controls.length).toBe(1);
    channels.invalidate("other");
    expect(await one.closed).toBe(1011);
    expect(one.controls.at(-1)).toMatchObject({ kind: "error", code: "workspace_not_ready" });
  });
});
