import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { ManualClock } from "#foundation";
import { PersonSocket } from "./person-socket.ts";

/** A socket whose far side does not read until `drain`. */
class Unread extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readyState = 1;
  bufferedAmount = 0;
  #sent: (() => void)[] = [];

  send(message: Buffer, _options: unknown, sent: () => void): void {
    this.bufferedAmount += message.length;
    this.#sent.push(sent);
  }

  drain(): void {
    this.bufferedAmount = 0;
    for (const sent of this.#sent.splice(0)) sent();
  }

  close(): void {
    this.readyState = 3;
    this.emit("close");
  }

  ping(): void {}
  terminate(): void {}
  pause(): void {}
  resume(): void {}
}

const PIECE = Buffer.alloc(64 * 1024);

test("three hundred who do not read hold a bounded amount together, and each goes on as soon as it reads", async () => {
  const clock = new ManualClock();
  const pieces = Array.from({ length: 300 }, () => 0);
  const sockets = pieces.map((_, index) => {
    const socket = new Unread();
    const endless = new Readable({
      read() {
        pieces[index] = (pieces[index] ?? 0) + 1;
        this.push(PIECE);
      },
    });
    new PersonSocket(socket as unknown as WebSocket, clock).pump(endless, "stdout");
    return socket;
  });
  const held = () => sockets.reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
  const settled = async () => {
    for (let before = -1; before !== pieces.reduce((a, b) => a + b); ) {
      before = pieces.reduce((a, b) => a + b);
      await turn();
    }
  };
  await settled();
  expect(held()).toBeGreaterThan(60 * 2 ** 20);
  expect(held()).toBeLessThan((64 + 300 / 8 + 8) * 2 ** 20);
  const before = [...pieces];
  for (const socket of sockets) socket.drain();
  await settled();
  expect(pieces.every((count, index) => count > (before[index] ?? 0))).toBe(true);
  for (const socket of sockets.slice(1)) socket.close();
  sockets[0]?.drain();
  await settled();
  // Alone, it has the room of one again.
  expect(sockets[0]?.bufferedAmount).toBeGreaterThan(2 ** 20);
});
