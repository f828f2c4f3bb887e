import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { SharedAllowance } from "#foundation";
import { EventStream } from "./event-stream.ts";

test("a reader that does not read is cut off before it costs memory", async () => {
  const unread = new SharedAllowance({ all: 1_000_000, most: 100_000, least: 10_000 });
  const server = createServer((_request, response) => {
    const stream = new EventStream(response, unread.share());
    stream.open({});
    const event = { kind: "log", workspace: "w", at: "now", message: "x".repeat(10_000) } as const;
    for (let index = 0; index < 2000 && !response.destroyed; index++) stream.send(event);
    server.emit("written", response.destroyed, once(response, "close"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const socket = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  const [destroyed, closed] = await once(server, "written");
  expect(destroyed).toBe(true);
  expect(unread.held).toBeLessThanOrEqual(110_100);
  socket.destroy();
  server.close();
  await Promise.all([once(server, "close"), closed]);
  // Nothing of it is held for who has gone.
  expect(unread.held).toBe(0);
});
