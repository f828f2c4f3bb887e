import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";

/*
 * A machine outside, run in a network namespace of its own. TCP: "get N" sends N bytes, "put N" answers after N bytes.
 * UDP: echoes; "stream N" is answered by N datagrams, one each
 * 10 ms. Says "ready" when it listens.
 */

const [, , ...ports] = process.argv;
const CHUNK = Buffer.alloc(65_536);

function serve(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  socket.once("readable", () => {
    const first = socket.read() as Buffer | null;
    const line = first?.toString("latin1").split("\n")[0] ?? "";
    const [verb, count] = line.split(" ");
    if (verb === "get") send(socket, Number(count));
    else receive(socket, Number(count) - ((first?.length ?? 0) - line.length - 1));
  });
}

function send(socket: Socket, count: number): void {
  let left = count;
  const more = () => {
    while (left > 0) {
      const size = Math.min(left, CHUNK.length);
      left -= size;
      if (!socket.write(CHUNK.subarray(0, size))) return void socket.once("drain", more);
    }
    socket.end();
  };
  more();
}

function receive(socket: Socket, count: number): void {
  let left = count;
  socket.on("data", (chunk) => {
    left -= chunk.length;
    if (left <= 0) socket.end("done\n");
  });
}

const udp = createSocket("udp6");
udp.on("message", (message, from) => {
  const [verb, count] = message.toString("latin1").split(" ");
  if (verb !== "stream") return udp.send(message, from.port, from.address);
  let left = Number(count);
  const timer = setInterval(() => (left-- > 0 ? udp.send("more", from.port, from.address) : clearInterval(timer)), 10);
});
await new Promise<void>((resolve) => udp.bind(53, "::", resolve));
for (const port of ports) await new Promise<void>((resolve) => void createServer(serve).listen(Number(port), "::", resolve));
process.stdout.write("ready\n");
