import { connect, createServer, type Server } from "node:net";
import { codeOf } from "#foundation";

/**
 * Runs `act` while no other process of this machine runs under the same name. The lock is an abstract unix socket:
 * the kernel lets it go when its holder dies, and nothing of it lies on a disk.
 */
export async function withHostLock<T>(name: string, act: () => Promise<T>): Promise<T> {
  const path = `\0guise-lock-${name}`;
  let server = await tryHold(path);
  while (server === undefined) {
    await untilReleased(path);
    server = await tryHold(path);
  }
  try {
    return await act();
  } finally {
    await release(server);
  }
}

interface Held {
  readonly server: Server;
  readonly waiting: Set<{ destroy(): void }>;
}

function tryHold(path: string): Promise<Held | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<{ destroy(): void }>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on("error", () => {});
    });
    server.once("error", (error) => (codeOf(error) === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen(path, () => resolve({ server, waiting }));
  });
}

/** A connection to the holder ends when it lets go or dies. */
function untilReleased(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("error", () => {});
    socket.once("close", () => resolve());
  });
}

function release({ server, waiting }: Held): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of waiting) socket.destroy();
  });
}
