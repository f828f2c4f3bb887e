import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { ManualClock } from "#foundation";
import { watchPeer } from "./watch-peer.ts";

class FakeSocket extends EventEmitter {
  isPaused = false;
  pings = 0;
  terminated = false;
  ping(): void {
    this.pings++;
  }
  terminate(): void {
    this.terminated = true;
    this.emit("close");
  }
}

function watched() {
  const socket = new FakeSocket();
  const clock = new ManualClock();
  watchPeer(socket as unknown as WebSocket, clock);
  return { socket, clock };
}

test("whoever answers stays; whoever does not is ended after one more interval", () => {
  const { socket, clock } = watched();
  for (let i = 0; i < 10; i++) {
    clock.advance(20_000);
    socket.emit("pong");
  }
  expect(socket).toMatchObject({ pings: 10, terminated: false });
  clock.advance(20_000);
  expect(socket.terminated).toBe(false);
  clock.advance(20_000);
  expect(socket.terminated).toBe(true);
  clock.advance(100_000);
  expect(socket.pings).toBe(11);
});

test("while it is held, no answer is expected, nor at once after", () => {
  const { socket, clock } = watched();
  socket.isPaused = true;
  clock.advance(200_000);
  socket.isPaused = false;
  clock.advance(20_000);
  expect(socket.terminated).toBe(false);
  clock.advance(20_000);
  expect(socket.terminated).toBe(true);
});
