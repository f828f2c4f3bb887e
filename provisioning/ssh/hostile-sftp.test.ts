import type { ServerChannel } from "ssh2";
import { expect, test } from "vitest";
import { ManualClock } from "#foundation";
import type { Channel } from "../channel.ts";
import { generateChannelKeys } from "./channel-keys.ts";
import { openSshChannel } from "./open-ssh-channel.ts";
import { encode, REPLY, REQUEST, STATUS } from "./sftp-packets.ts";
import { scriptedServer } from "./test-support/scripted-server.ts";

const keys = generateChannelKeys();
const FILE_MODE = 0o100644;
const NO_ATTRIBUTES = 0;

interface Asked {
  readonly kind: number;
  readonly id: number;
  /** What follows the id: first the handle "h", 5 bytes. */
  readonly fields: Buffer;
  reply(kind: number, ...fields: (number | bigint | string | Uint8Array)[]): void;
  raw(bytes: Buffer): void;
}

/** A channel to a server whose SFTP answers as `answer` says; open, opendir and close are answered well unless it does. */
async function connect(answer: (asked: Asked) => boolean, clock = new ManualClock()): Promise<Channel> {
  const { duplex } = scriptedServer(keys, (connection) => {
    connection.on("session", (accept) => accept().on("subsystem", (acceptSubsystem) => serve(acceptSubsystem(), answer)));
  });
  return openSshChannel({ duplex, keys, clock });
}

function serve(stream: ServerChannel, answer: (asked: Asked) => boolean): void {
  let buffered = Buffer.alloc(0);
  stream.on("error", () => {});
  stream.on("data", (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readUInt32BE()) {
      const packet = buffered.subarray(4, 4 + buffered.readUInt32BE());
      buffered = buffered.subarray(4 + packet.length);
      const id = packet.length >= 5 ? packet.readUInt32BE(1) : 0;
      const send = (kind: number, body: Buffer) => stream.write(Buffer.concat([encode(body.length + 1), Buffer.from([kind]), body]));
      const reply = (kind: number, ...fields: (number | bigint | string | Uint8Array)[]) => void send(kind, encode(id, ...fields));
      const asked = { kind: packet[0] ?? 0, id, fields: packet.subarray(5), reply, raw: (bytes: Buffer) => void stream.write(bytes) };
      if (asked.kind === REQUEST.init) send(REPLY.version, encode(3));
      else if (answer(asked)) continue;
      else if (asked.kind === REQUEST.open || asked.kind === REQUEST.opendir) reply(REPLY.handle, "h");
      else reply(REPLY.status, STATUS.ok, "", "");
    }
  });
}

function name(text: string): (number | string)[] {
  return [text, `-rw-r--r-- ${text}`, 4, FILE_MODE];
}

test.each<[string, (asked: Asked) => void]>([
  ["no names", (asked) => asked.reply(REPLY.name, 0)],
  ["more names than it holds", (asked) => asked.reply(REPLY.name, 4_000_000_000)],
  ["a name with a slash", (asked) => asked.reply(REPLY.name, 1, ...name("../../etc/passwd"))],
  ["an empty name", (asked) => asked.reply(REPLY.name, 1, ...name(""))],
  ["a name that is too long", (asked) => asked.reply(REPLY.name, 1, ...name("x".repeat(5000)))],
  ["four billion attributes", (asked) => asked.reply(REPLY.name, 1, "a", "a", 0x80000000, 0xffffffff)],
  ["another kind of reply", (asked) => asked.reply(REPLY.handle, "h")],
  ["a reply to another request", (asked) => asked.raw(Buffer.concat([encode(9), Buffer.from([REPLY.status]), encode(asked.id + 5, 0)]))],
  ["a packet of 4 GiB", (asked) => asked.raw(Buffer.from([0xff, 0xff, 0xff, 0xff, 104]))],
  ["a packet of nothing", (asked) => asked.raw(Buffer.alloc(4))],
  ["two replies", (asked) => [1, 2].forEach(() => void asked.reply(REPLY.name, 1, ...name("a")))],
])("a listing with %s cuts the channel", async (_what, misbehave) => {
  const channel = await connect((asked) => {
    if (asked.kind !== REQUEST.readdir) return false;
    misbehave(asked);
    return true;
  });
  await expect(channel.files().list("x")).rejects.toMatchObject({ code: "channel_hostile" });
  await channel.closed;
});

test("an endless listing is refused, and the channel lives on", async () => {
  let counter = 0;
  const channel = await connect((asked) => {
    if (asked.kind !== REQUEST.readdir) return false;
    const names = Array.from({ length: 100 }, () => [`file-${counter++}`, "", NO_ATTRIBUTES]).flat();
    asked.reply(REPLY.name, 100, ...names);
    return true;
  });
  await expect(channel.files().list("x")).rejects.toMatchObject({ code: "output_too_large" });
  expect(counter).toBeLessThan(11_000);
  await expect(channel.writeFile("y", Buffer.from("y"), 0o600)).resolves.toBeUndefined();
  channel.close();
});

test.each<[string, Buffer]>([
  ["no bytes for ever", Buffer.alloc(0)],
  ["more than was asked", Buffer.alloc(100_000)],
])("a file that gives %s cuts the channel", async (_what, data) => {
  const channel = await connect((asked) => {
    if (asked.kind !== REQUEST.read) return false;
    asked.reply(REPLY.data, data);
    return true;
  });
  await expect(channel.readFile("x", 1_000_000)).rejects.toMatchObject({ code: "channel_hostile" });
});

test("an endless file is refused beyond the maximum", async () => {
  const channel = await connect((asked) => {
    if (asked.kind !== REQUEST.read) return false;
    asked.reply(REPLY.data, Buffer.alloc(32_768));
    return true;
  });
  await expect(channel.readFile("x", 1_000_000)).rejects.toMatchObject({ code: "output_too_large" });
  channel.close();
});

test("a file given in smaller pieces than asked is read whole", async () => {
  const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
  const channel = await connect((asked) => {
    if (asked.kind !== REQUEST.read) return false;
    const offset = Number(asked.fields.readBigUInt64BE(5));
    const piece = content.subarray(offset, offset + 10_007);
    if (piece.length === 0) asked.reply(REPLY.status, STATUS.endOfFile, "", "");
    else asked.reply(REPLY.data, piece);
    return true;
  });
  expect((await channel.readFile("x", 1_000_000)).equals(content)).toBe(true);
  channel.close();
});

test("a server that does not answer is given up", async () => {
  const clock = new ManualClock();
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const channel = await connect(({ kind }) => {
    if (kind === REQUEST.lstat) asked();
    return kind === REQUEST.lstat;
  }, clock);
  const waiting = expect(channel.files().stat("x")).rejects.toMatchObject({ code: "channel_lost" });
  await isAsked;
  clock.advance(30_000);
  await waiting;
});

test("what the server says of a failure is shown without escape sequences", async () => {
  const channel = await connect((asked) => {
    if (asked.kind !== REQUEST.lstat) return false;
    asked.reply(REPLY.status, 4, "\u001b]0;evil\u0007 failed", "");
    return true;
  });
  await expect(channel.files().stat("x")).rejects.toMatchObject({ code: "file_failed", message: "x: ]0;evil failed" });
  channel.close();
});
