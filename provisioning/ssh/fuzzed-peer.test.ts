import fc from "fast-check";
import type { ServerChannel } from "ssh2";
import { describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { generateChannelKeys } from "./channel-keys.ts";
import { openSshChannel } from "./open-ssh-channel.ts";
import { bareWire, scriptedServer, sendRaw } from "./test-support/scripted-server.ts";

const keys = generateChannelKeys();
const ANSWERS_WITHIN = 30_000;

const byte = fc.integer({ min: 0, max: 255 });
const number = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
);
const numbers = fc.array(number, { maxLength: 6 }).map((fields) => {
  const bytes = Buffer.alloc(fields.length * 4);
  for (const [index, field] of fields.entries()) bytes.writeUInt32BE(field, index * 4);
  return bytes;
});
const bytes = fc.array(byte, { maxLength: 200 }).map((values) => Buffer.from(values));
/** Of the connection protocol mostly: there ssh2 acts on what it is told. */
const kind = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 80, max: 100 }) }, { weight: 1, arbitrary: byte });
const message = fc
  .tuple(kind, fc.oneof(numbers, bytes), bytes)
  .map(([first, head, tail]) => Buffer.concat([Buffer.from([first]), head, tail]));

/** Every act must come to an end, well or with a coded error; what throws elsewhere fails the test run. */
async function endsCoded(act: Promise<unknown>): Promise<void> {
  await act.catch((error: unknown) => expect(error).toMatchObject({ name: "ProvisioningError" }));
}

describe("a server that sends nonsense", () => {
  test("is heard: its messages arrive as they are", async () => {
    const flood = Buffer.concat([Buffer.from([94]), Buffer.alloc(4), Buffer.from([0, 0, 1, 0]), Buffer.alloc(256)]);
    const { duplex } = scriptedServer(keys, (connection, protocol) => {
      connection.on("session", (accept) =>
        accept().on("exec", (acceptExec) => {
          acceptExec();
          for (let i = 0; i < 9000; i++) sendRaw(protocol, flood);
        }),
      );
    });
    const channel = await openSshChannel({ duplex, keys });
    const paused = await channel.open("x");
    await expect(paused.exited).rejects.toMatchObject({ code: "channel_hostile", message: expect.stringContaining("window") });
  });

  test("after sign-in harms nobody", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 10 }), async (messages) => {
        const clock = new ManualClock();
        let done = () => {};
        const sent = new Promise<void>((resolve) => {
          done = resolve;
        });
        const { duplex } = scriptedServer(keys, (connection, protocol, wire) => {
          const talk = () => {
            for (const each of messages) if (wire.writable) sendRaw(protocol, each);
            setImmediate(done);
          };
          wire.once("close", done);
          connection.on("session", (accept) => accept().on("exec", (acceptExec) => talk() ?? acceptExec().write("said")));
        });
        const channel = await openSshChannel({ duplex, keys, clock });
        const running = endsCoded(channel.run("x"));
        await sent;
        channel.close();
        await running;
        await channel.closed;
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test("for SFTP harms nobody", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(numbers, bytes), { minLength: 1, maxLength: 6 }), async (chunks) => {
        const clock = new ManualClock();
        let done = () => {};
        const sent = new Promise<void>((resolve) => {
          done = resolve;
        });
        const answer = (stream: ServerChannel) => {
          stream.on("error", () => {});
          stream.once("data", () => {
            stream.write(Buffer.from([0, 0, 0, 5, 2, 0, 0, 0, 3]));
            stream.once("data", () => {
              for (const chunk of chunks) stream.write(chunk);
              setImmediate(() => setImmediate(done));
            });
          });
        };
        const { duplex, wire } = scriptedServer(keys, (connection) => {
          connection.on("session", (accept) => accept().on("subsystem", (acceptSubsystem) => answer(acceptSubsystem())));
        });
        wire.once("close", done);
        const channel = await openSshChannel({ duplex, keys, clock });
        const listing = endsCoded(channel.files().list("x"));
        await sent;
        clock.advance(ANSWERS_WITHIN);
        await listing;
        channel.close();
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test("before sign-in harms nobody", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 5 }), fc.boolean(), async (chunks, named) => {
        const { duplex, wire } = bareWire();
        if (named) wire.write("SSH-2.0-x\r\n");
        for (const chunk of chunks) wire.write(chunk);
        wire.end();
        await endsCoded(openSshChannel({ duplex, keys }));
        wire.destroy();
      }),
      { numRuns: 100 },
    );
  });
});
