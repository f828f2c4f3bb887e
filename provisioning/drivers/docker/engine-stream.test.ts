import { once } from "node:events";
import { Duplex, PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { engineStream } from "./engine-stream.ts";

const frame = (stream: number, text: string) => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

function wire() {
  const toUs = new PassThrough();
  const fromUs = new PassThrough();
  return { raw: Duplex.from({ readable: toUs, writable: fromUs }), toUs, fromUs };
}

test("takes frames apart, wherever the engine's chunks are cut", async () => {
  const bytes = Buffer.concat([frame(1, "hello "), frame(2, "warning"), frame(1, ""), frame(1, "world")]);
  for (const size of [1, 3, 7, 8, 9, bytes.length]) {
    const { raw, toUs } = wire();
    let errors = "";
    const stream = engineStream(raw, (text) => {
      errors += text;
    });
    let output = "";
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    for (let at = 0; at < bytes.length; at += size) toUs.write(bytes.subarray(at, at + size));
    toUs.end();
    await once(stream, "close");
    expect({ size, output, errors }).toEqual({ size, output: "hello world", errors: "warning" });
  }
});

test("the first that is read is told as well: where a program did not start, the engine says why there", async () => {
  const { raw, toUs } = wire();
  let begun = "";
  const stream = engineStream(
    raw,
    () => {},
    (text) => {
      begun += text;
    },
  );
  stream.resume();
  toUs.end(Buffer.concat([frame(1, "exec failed: "), frame(1, "no more processes"), frame(1, "x".repeat(2_000))]));
  await once(stream, "close");
  expect(begun).toBe(`exec failed: no more processes${"x".repeat(470)}`);
});

test("a reader that does not read stops the engine's stream", async () => {
  const { raw, toUs } = wire();
  const stream = engineStream(raw);
  let written = 0;
  while (written < 64 && toUs.write(frame(1, "x".repeat(65_536)))) written++;
  await new Promise(setImmediate);
  while (written < 64 && toUs.write(frame(1, "x".repeat(65_536)))) written++;
  expect(stream.readableLength).toBeLessThan(4 * 65_536);
  expect(raw.isPaused()).toBe(true);
  stream.destroy();
});

test("what was read is handed on whole before the end is told, however much of it waits for its turn", async () => {
  const { raw, toUs } = wire();
  const stream = engineStream(raw);
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    // So long that each slice takes its turn.
    const until = performance.now() + 5;
    while (performance.now() < until);
  });
  let beside = 0;
  const counting = setInterval(() => beside++, 1);
  toUs.end(frame(1, "x".repeat(200_000)));
  await once(stream, "close");
  clearInterval(counting);
  expect(bytes).toBe(200_000);
  expect(beside).toBeGreaterThan(10);
});

test("what is written goes through as it is, and the end of one half ends the other", async () => {
  const { raw, toUs, fromUs } = wire();
  const stream = engineStream(raw);
  stream.resume();
  stream.write("order\n");
  expect(String((await once(fromUs, "data"))[0])).toBe("order\n");
  toUs.end();
  await once(stream, "close");
  expect(stream.destroyed).toBe(true);
});

test("when nobody reads any more, the program is told so and held up; the end is still noticed", async () => {
  const { raw, toUs, fromUs } = wire();
  const stream = engineStream(raw);
  const told = once(fromUs, "end");
  fromUs.resume();
  stream.destroy();
  await told;
  let written = 0;
  const more = () => toUs.write(frame(1, "x".repeat(65_536)));
  for (let turn = 0; turn < 8; turn++) {
    while (written < 200 && more()) written++;
    await new Promise(setImmediate);
  }
  expect(written).toBeLessThan(8);
  expect([raw.destroyed, raw.isPaused()]).toEqual([false, true]);
  toUs.end();
  raw.resume();
  await once(raw, "close");
});

test("a program that floods its standard error is cut off", async () => {
  const { raw, toUs } = wire();
  let said = 0;
  const stream = engineStream(raw, (text) => {
    said += text.length;
  });
  const closed = once(stream, "close");
  for (let turn = 0; turn < 40; turn++) toUs.write(frame(2, "x".repeat(65_536)));
  await closed;
  expect(said).toBeLessThan(1.2 * 2 ** 20);
  raw.destroy();
});
