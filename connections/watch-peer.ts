import type { WebSocket } from "ws";
import type { Clock, Timer } from "#foundation";

/** Ms between two questions whether the person is still there. A network that died says nothing, and would hold streams for ever. */
const EVERY = 20_000;

/** Ends a socket whose other side answers no ping. While we hold it paused its answers cannot be read; the ping alone finds a reset. */
export function watchPeer(socket: WebSocket, clock: Clock): void {
  let answered = true;
  let timer: Timer | undefined;
  const look = () => {
    if (!answered && !socket.isPaused) {
      socket.terminate();
      return;
    }
    answered = socket.isPaused;
    socket.ping();
    timer = clock.after(EVERY, look, { unref: true });
  };
  socket.on("pong", () => {
    answered = true;
  });
  socket.once("close", () => timer?.cancel());
  timer = clock.after(EVERY, look, { unref: true });
}
