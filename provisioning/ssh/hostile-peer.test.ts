import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Connection, ServerChannel } from "ssh2";
import { describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { generateChannelKeys } from "./channel-keys.ts";
import { openSshChannel, type SshChannelOptions } from "./open-ssh-channel.ts";
import { exitOf } from "./ssh-process.ts";
import { bareWire, type RawProtocol, remoteId, scriptedServer } from "./test-support/scripted-server.ts";

const keys = generateChannelKeys();
const MEGABYTE = 2 ** 20;

type Script = (connection: Connection, protocol: RawProtocol, wire: Duplex) => void;

function connect(script: Script, options: Partial<SshChannelOptions> = {}) {
  const { duplex } = scriptedServer(keys, script);
  return openSshChannel({ duplex, keys, ...options });
}

/** A server that starts whatever command it is asked for, and hands it to the script. */
function onCommand(act: (channel: ServerChannel, protocol: RawProtocol, wire: Duplex) => void): Script {
  return (connection, protocol, wire) =>
    connection.on("session", (accept) => accept().on("exec", (acceptExec) => act(acceptExec(), protocol, wire)));
}

/** Calls `send` as fast as the wire takes it, until `bytes` are sent or the wire is cut. Gives what was sent. */
async function flood(wire: Duplex, bytes: number, each: number, send: () => void): Promise<number> {
  let sent = 0;
  while (sent < bytes && !wire.destroyed && wire.writable) {
    send();
    sent += each;
    if (wire.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
  }
  return sent;
}

describe("a hostile server", () => {
  test("that ignores the window is cut before it fills the memory", async () => {
    let sent: Promise<number> | undefined;
    const channel = await connect(
      onCommand((process, protocol, wire) => {
        sent = flood(wire, 300 * MEGABYTE, 32_768, () => protocol.channelData(remoteId(process), Buffer.alloc(32_768)));
      }),
    );
    const paused = await channel.open("x");
    await channel.closed;
    await expect(paused.exited).rejects.toMatchObject({ code: "channel_hostile" });
    expect(await sent).toBeLessThan(20 * MEGABYTE);
    await expect(channel.run("true")).rejects.toMatchObject({ code: "channel_hostile" });
  });

  test("that floods standard error, or a kind of data that is not agreed, is cut", async () => {
    for (const type of [1, 7]) {
      const channel = await connect(
        onCommand((process, protocol, wire) => {
          void flood(wire, 50 * MEGABYTE, 32_768, () => protocol.channelExtData(remoteId(process), Buffer.alloc(32_768), type));
        }),
      );
      const paused = await channel.open("x");
      await expect(paused.exited).rejects.toMatchObject({ code: "channel_hostile" });
    }
  });

  test("that sends single bytes to a reader that is behind is still read whole and in order", async () => {
    const block = Buffer.alloc(32_768, ".");
    const tail = Buffer.from(Array.from({ length: 20_000 }, (_, index) => 97 + (index % 26)));
    let sent: () => void = () => {};
    const isSent = new Promise<void>((resolve) => {
      sent = resolve;
    });
    const channel = await connect(
      onCommand((process, protocol) => {
        for (let i = 0; i < 8; i++) protocol.channelData(remoteId(process), block);
        for (const byte of tail) protocol.channelData(remoteId(process), Buffer.from([byte]));
        process.exit(0);
        process.end();
        sent();
      }),
    );
    const paused = await channel.open("x");
    await isSent;
    await paused.exited;
    const all = await buffer(paused.stdout);
    expect(all.length).toBe(8 * block.length + tail.length);
    expect(all.subarray(8 * block.length).equals(tail)).toBe(true);
    channel.close();
  });

  test("that says more than a command may is refused without harm to the channel", async () => {
    const channel = await connect(
      onCommand((process) => {
        process.on("error", () => {});
        process.write(Buffer.alloc(100_000));
        process.exit(0);
        process.end();
      }),
    );
    await expect(channel.run("x", { maximumOutput: 10_000 })).rejects.toMatchObject({ code: "output_too_large" });
    expect((await channel.run("x")).stdout.length).toBe(100_000);
    channel.close();
  });

  test.each([0, 1, 1023])("that offers packets of %d bytes is cut before anything is written", async (size) => {
    for (const act of ["run", "forward", "readFile"] as const) {
      const channel = await connect((connection, protocol) => {
        const confirm = protocol.channelOpenConfirm.bind(protocol);
        protocol.channelOpenConfirm = (remote, local, window) => confirm(remote, local, window, size);
        connection.on("session", (accept) => accept().on("exec", (acceptExec) => acceptExec()));
        connection.on("tcpip", (accept) => accept());
      });
      const acts = {
        run: () => channel.run("x", { input: "input" }),
        forward: () => channel.forward({ port: 1 }),
        readFile: () => channel.readFile("x", 1),
      };
      await expect(acts[act]()).rejects.toMatchObject({ code: "channel_hostile" });
    }
  });

  test("that opens channels towards us is refused, and cut when it goes on", async () => {
    let refused = 0;
    let wireOf: Duplex | undefined;
    const channel = await connect((connection, protocol, wire) => {
      wireOf = wire;
      const address = { boundAddr: "127.0.0.1", boundPort: 1, remoteAddr: "127.0.0.1", remotePort: 1 };
      connection.on("ready", () => {
        const handlers = Reflect.get(protocol, "_handlers") as Record<string, () => void>;
        handlers.CHANNEL_OPEN_FAILURE = () => refused++;
        void flood(wire, 1000, 1, () => protocol.forwardedTcpip(0, 1000, 32_768, address));
      });
    });
    await channel.closed;
    expect(refused).toBeLessThanOrEqual(200);
    expect(wireOf?.destroyed || wireOf?.readableEnded).toBe(true);
    await expect(channel.run("x")).rejects.toMatchObject({ code: "channel_hostile" });
  });

  test("that floods requests is cut", async () => {
    const global = await connect((connection, protocol, wire) =>
      connection.on("ready", () => void flood(wire, 1000, 1, () => protocol.ping())),
    );
    await global.closed;
    await expect(global.run("x")).rejects.toMatchObject({ code: "channel_hostile" });
    const channel = await connect(
      onCommand((process, protocol, wire) => void flood(wire, 1000, 1, () => protocol.exitStatus(remoteId(process), 0))),
    );
    await channel.open("x");
    await channel.closed;
    await expect(channel.run("x")).rejects.toMatchObject({ code: "channel_hostile" });
  });

  test("that asks as often as OpenSSH does is answered", async () => {
    const clock = new ManualClock();
    const asked = 400;
    let answers = 0;
    let protocolOf: RawProtocol | undefined;
    const channel = await connect(
      (connection, protocol) => {
        protocolOf = protocol;
        (Reflect.get(protocol, "_handlers") as Record<string, () => void>).REQUEST_FAILURE = () => answers++;
        connection.on("session", (accept) => accept());
      },
      { clock },
    );
    for (let i = 0; i < asked; i++) {
      clock.advance(15_000);
      protocolOf?.ping();
      if (i % 100 === 99) await expect.poll(() => answers).toBe(i + 1);
    }
    channel.close();
  });

  test("that never answers is given up", async () => {
    const clock = new ManualClock();
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const channel = await connect((connection) => connection.on("session", (accept) => accept().on("exec", () => asked())), { clock });
    const running = expect(channel.run("x")).rejects.toMatchObject({ code: "channel_lost" });
    await isAsked;
    clock.advance(30_000);
    await running;
    await channel.closed;
  });

  test("that says nothing at all is given up", async () => {
    const { duplex, wire } = bareWire();
    await expect(openSshChannel({ duplex, keys, readyWithin: 50 })).rejects.toMatchObject({ code: "channel_lost" });
    expect(duplex.destroyed).toBe(true);
    wire.destroy();
  });

  test.each([
    ["lines", () => Buffer.from("not SSH at all\n".repeat(1000))],
    ["long lines", () => Buffer.from(`${"A".repeat(8000)}\n`)],
    ["bytes without an end", () => Buffer.alloc(64 * 1024, 0x41)],
  ])("that sends %s instead of its name is cut", async (_what, garbage) => {
    const { duplex, wire } = bareWire();
    let sent = 0;
    const send = () => {
      while (!wire.destroyed && sent < 64 * MEGABYTE) {
        const block = garbage();
        sent += block.length;
        if (!wire.write(block)) return wire.once("drain", send);
      }
    };
    send();
    await expect(openSshChannel({ duplex, keys })).rejects.toMatchObject({
      code: expect.stringMatching(/channel_hostile|channel_lost/),
    });
    expect(sent).toBeLessThan(2 * MEGABYTE);
    wire.destroy();
  });

  test("that ends in the middle is lost", async () => {
    const { duplex, wire } = bareWire();
    wire.write("SSH-2.0-OpenSSH_9.2p1\r\n");
    wire.end();
    await expect(openSshChannel({ duplex, keys })).rejects.toMatchObject({ code: "channel_lost" });
    const channel = await connect(onCommand((_process, _protocol, connection) => connection.destroy()));
    await expect(channel.run("x")).rejects.toMatchObject({ code: "channel_lost" });
  });

  test("with another host key is refused", async () => {
    const other = generateChannelKeys();
    const { duplex } = scriptedServer(other, () => {});
    await expect(openSshChannel({ duplex, keys })).rejects.toMatchObject({ code: "channel_lost" });
    expect(duplex.destroyed).toBe(true);
  });
});

test("an end is told as shells tell it, whatever the server says", () => {
  expect(exitOf(3, undefined)).toEqual({ exit: 3 });
  expect(exitOf(4_294_967_295, undefined)).toEqual({ exit: 255 });
  expect(exitOf(null, "SIGTERM")).toEqual({ exit: 143, signal: "TERM" });
  expect(exitOf(null, "SIG\u001b]0;evil\u0007")).toEqual({ exit: 255 });
  expect(exitOf(undefined, undefined)).toEqual({ exit: 255 });
});
