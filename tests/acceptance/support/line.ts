import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** The way between an agent and the broker that listens on 127.0.0.1, by [::1] and the same port: bytes, until it is cut. */
export class Line {
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(port: number) {
    this.#port = port;
  }

  static async open(port: number): Promise<Line> {
    const line = new Line(port);
    await line.mend();
    return line;
  }

  /** Connections are reset, and new ones refused. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server === undefined ? undefined : once(server, "close");
    server?.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  async mend(): Promise<void> {
    this.#server = createServer((near) => this.#join(near, connect(this.#port, "127.0.0.1")));
    this.#server.listen(this.#port, "::1");
    await once(this.#server, "listening");
  }

  #join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
