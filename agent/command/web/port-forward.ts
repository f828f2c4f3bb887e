import { type AddressInfo, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { type Connect, ConnectStream } from "./connect-stream.ts";

export interface PortForward {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A port of this machine's own address (loopback alone) that leads into a workspace: one connection there for each here. `failed` is told of each that
 * could not be made. Rejects as `listen` does.
 */
export async function openPortForward(connect: Connect, wanted: number, failed: (error: Error) => void): Promise<PortForward> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
    ConnectStream.open(connect).then(
      (inside) => carry(socket, inside),
      (error: Error) => {
        socket.destroy();
        failed(error);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Each way ends by itself, as connections do; who is lost takes the other along. */
function carry(socket: Socket, inside: ConnectStream): void {
  inside.on("error", () => socket.destroy());
  if (socket.destroyed) return void inside.destroy();
  pipeline(socket, inside, () => {});
  pipeline(inside, socket, () => {});
}
