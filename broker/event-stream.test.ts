import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { EventStream } from "./event-stream.ts";

test("a reader that does not read is cut off before it costs memory", async () => {
  const server = createServer((_request, response) => {
    const stream = new EventStream(response, 100_000);
    stream.open({});
    const event = { kind: "log", workspace: "w", at: "now", message: "x".repeat(10_000) } as const;
    for (let index = 0; index < 2000 && !response.destroyed; index++) stream.send(event);
    server.emit("written", response.destroyed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const socket = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  expect(await once(server, "written")).toEqual([true]);
  socket.destroy();
  server.close();
  await once(server, "close");
});
