import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CutWay {
  readonly port: number;
  readonly isCut: () => boolean;
  close(): void;
}

/** A way to the server that lets so many of the client's messages through, and then is cut for good. */
export async function cutWay(to: { readonly port: number; readonly address: string }, messages: number): Promise<CutWay> {
  let left = messages;
  const sockets: Socket[] = [];
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    const upstream = connect(to.port, to.address);
    sockets.push(
      client.on("error", () => {}),
      upstream.on("error", () => {}),
    );
    upstream.on("data", (bytes) => client.write(bytes)).on("close", () => client.destroy());
    client
      .on("close", () => upstream.destroy())
      .on("data", (bytes) => {
        if (left-- > 0) upstream.write(bytes);
        else cut();
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, isCut: () => left < 0, close: () => void server.close(cut) };
}
