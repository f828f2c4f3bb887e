import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type ClientControl, type ServerControl, STREAM, type WorkspaceEvent } from "@guise/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createWorkspaceStreams, streamNotice, type WorkspaceStreams } from "#broker";
import { SharedChannels } from "#connections";
import { ManualClock, silentLog, systemClock } from "#foundation";
import { IdleWatch } from "#lifecycle";
import { beginLaunch, readOutput, stopLaunch } from "#provisioning";
import { canLookAlike, SandboxLookalike } from "#provisioning/sandbox-lookalike";
import type { Repository, WorkspaceRow } from "#repository";
import { Activity } from "#usage";

const MINUTE = 60_000;
const AFTER = 15 * MINUTE;
const WEB_SERVER = `
  my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8903, Listen => 5, ReuseAddr => 1) or die;
  $| = 1; print "listens\\n";
  while (my $c = $s->accept) { if (fork == 0) { while (sysread $c, my $b, 65536) { syswrite $c, "HTTP/1.1 204 No Content\\r\\n\\r\\n" } exit } close $c }`;

/** Who is attached to a workspace uses it, or does not: real programs in a sandbox, and an idle time that is moved by hand. */
describe.skipIf(!canLookAlike())("a workspace that somebody is attached to", () => {
  let sandbox: SandboxLookalike;
  let channels: SharedChannels;
  let server: WebSocketServer;
  let serve: (socket: WebSocket) => void = () => {};
  const opened: WebSocket[] = [];

  let time: ManualClock;
  let row: WorkspaceRow;
  let idle: IdleWatch;
  let streams: WorkspaceStreams;
  let tells: Set<(message: string) => void>;

  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channels = new SharedChannels({ connect: () => sandbox.connect(), clock: systemClock, log: silentLog });
    server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
    server.on("connection", (socket) => serve(socket));
    await once(server, "listening");
  });
  afterAll(async () => {
    channels.close();
    server.close();
    await sandbox[Symbol.asyncDispose]();
  });
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.terminate();
  });

  beforeEach(async () => {
    time = new ManualClock();
    tells = new Set();
    row = { id: "w", state: "ready", desired: "ready", generation: 1, concrete: { idleAfter: AFTER } } as unknown as WorkspaceRow;
    const activity = new Activity(time);
    const noticesOf = (_workspace: string, tell: (message: string) => void) => {
      tells.add(tell);
      return () => tells.delete(tell);
    };
    streams = createWorkspaceStreams({ channels, clock: systemClock, activity, noticesOf, killedSince: async () => undefined });
    const repository = {
      workspaces: async () => [row],
      workspace: async () => row,
      setDesired: async (_id: string, wish: object) => {
        row = { ...row, ...wish };
        return row;
      },
    } as unknown as Repository;
    const publish = (event: WorkspaceEvent) => {
      const notice = streamNotice(event);
      for (const tell of notice === undefined ? [] : tells) tell(notice ?? "");
    };
    idle = new IdleWatch({
      ...{ repository, activity, clock: time, log: silentLog },
      ...{ cpuOf: () => undefined, isBusy: async () => false, wake: () => {} },
      live: { publish } as never,
    });
    await idle.look();
  });

  async function attach(serving: (socket: WebSocket) => void) {
    serve = serving;
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { perMessageDeflate: false });
    opened.push(socket);
    const controls: ServerControl[] = [];
    let shown = "";
    socket.on("message", (data: Buffer, binary) => {
      if (binary) shown += data.subarray(1);
      else controls.push(JSON.parse(data.toString()));
    });
    await once(socket, "open");
    return {
      controls,
      shown: () => shown,
      tell: (message: ClientControl) => socket.send(JSON.stringify(message)),
      type: (text: string) => socket.send(Buffer.concat([Buffer.from([STREAM.stdin]), Buffer.from(text)])),
      closed: once(socket, "close"),
    };
  }
  const pass = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= MINUTE) {
      time.advance(Math.min(left, MINUTE));
      await idle.look();
    }
  };
  const lastUse = () => idle.idlenessOf(row)?.uses[0].use;

  test("by a command is in use as long as that runs, however long it is silent", async () => {
    const one = await attach((socket) => streams.exec(socket, row));
    one.tell({ kind: "start", command: ["sh", "-c", "read end"] });
    await expect.poll(() => one.controls.length, { interval: 20 }).toBe(1);
    await pass(5 * AFTER);
    expect([row.desired, lastUse(), one.controls]).toEqual(["ready", "command", [{ kind: "started" }]]);
    one.type("\n");
    await one.closed;
    await pass(AFTER);
    expect(row.desired).toBe("suspended");
  });

  test("by a shell is warned there, and a key keeps it", async () => {
    const one = await attach((socket) => streams.exec(socket, row));
    one.tell({ kind: "start", terminal: { columns: 80, rows: 24, type: "xterm" } });
    one.type("PS1=prompt-; echo $((40 + 1))\n");
    await expect.poll(() => one.shown(), { interval: 20 }).toMatch(/41\r\n.*prompt-$/s);
    await pass(AFTER - MINUTE);
    const notice = {
      kind: "notice",
      message: expect.stringMatching(/^this workspace is idle for 12 min \(last use: .*\. Any key keeps it$/),
    };
    await expect.poll(() => one.controls, { interval: 20 }).toEqual([{ kind: "started" }, notice]);
    one.type("echo $((40 + 2))\n");
    await expect.poll(() => one.shown(), { interval: 20 }).toContain("42");
    expect(one.shown()).not.toContain("idle");
    await pass(AFTER - MINUTE);
    expect(row.desired).toBe("ready");
    await pass(MINUTE);
    expect(row.desired).toBe("suspended");
  });

  test("by a shell whose program prints is in use", async () => {
    const one = await attach((socket) => streams.exec(socket, row));
    one.tell({ kind: "start", terminal: { columns: 80, rows: 24, type: "xterm" } });
    one.type("while read -t 0.02 x; [ -z $x ]; do printf .; done\n");
    await expect.poll(() => one.shown(), { interval: 20 }).toContain("...");
    const printsNow = () => idle.idlenessOf(row)?.uses.some(({ use, ago }) => use === "output" && ago === 0);
    for (let round = 0; round < 4; round++) {
      // What is shown here may have been on its way since before the time went on.
      await expect.poll(printsNow, { interval: 20 }).toBe(true);
      await pass(10 * MINUTE);
    }
    expect([row.desired, lastUse()]).toEqual(["ready", "output"]);
  });

  test("by a tab that only looks again is not, and by one in which somebody acts it is", async () => {
    const { channel, release } = await channels.lease({ workspace: row.id, generation: row.generation }, "light");
    await beginLaunch(channel, { launchId: "web", kind: "web", command: ["perl", "-MIO::Socket::INET", "-e", WEB_SERVER] });
    await expect.poll(() => readOutput(channel, "web"), { interval: 20 }).toBe("listens\n");
    const poll = "GET /api/kernels?1 HTTP/1.1\r\nHost: x\r\n\r\n";
    const tab = await attach((socket) => streams.connect(socket, row, 8903));
    const answers = (count: number) => expect.poll(() => tab.shown().split("204").length - 1, { interval: 20 }).toBe(count);
    tab.type(poll);
    await answers(1);
    for (let round = 2; round <= 4; round++) {
      await pass(5 * MINUTE - 1);
      tab.type(poll);
      await answers(round);
    }
    // The page was opened a quarter of an hour ago, and only looked since.
    expect(idle.idlenessOf(row)).toMatchObject({ state: "warned", idleFor: AFTER - 3 });
    await pass(MINUTE);
    expect(row.desired).toBe("suspended");
    row = { ...row, desired: "ready" };
    tab.type("PUT /api/contents/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    await expect.poll(lastUse, { interval: 20 }).toBe("web");
    await stopLaunch(channel, "web", 500);
    release();
  });

  test("by a transfer is in use while that moves", async () => {
    await pass(10 * MINUTE);
    const content = new Readable({ read() {} });
    const uploading = streams.upload(row, "file", content, { as: "file" });
    await pass(2 * AFTER);
    content.push("content");
    content.push(null);
    await uploading;
    expect([row.desired, lastUse()]).toEqual(["ready", "transfer"]);
    await pass(10 * MINUTE);
    const { stream } = await streams.download(row, "file", "file");
    expect(String(await buffer(stream))).toBe("content");
    expect(idle.idlenessOf(row)).toMatchObject({ idleFor: 0, uses: [{ use: "transfer" }, { use: "ready" }] });
  });
});
