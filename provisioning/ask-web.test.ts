import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { askWeb } from "./ask-web.ts";
import type { Channel } from "./channel.ts";

function* endless() {
  for (;;) yield "x".repeat(65_536);
}

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

async function answered(listener: RequestListener, within = 5_000): Promise<string | undefined> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const channel = { forward: async (target: { port: number }) => connect(target.port, "127.0.0.1") } as unknown as Channel;
  return askWeb(channel, { port, path: "/api/kernels", within });
}

describe("a web application inside is asked", () => {
  test("and its answer comes whole, in however many pieces", async () => {
    const text = await answered((request, response) => {
      response.write(`[${JSON.stringify(request.url)},`);
      response.end(`"${request.headers.host}"]`);
    });
    expect(text).toBe('["/api/kernels","localhost"]');
  });

  test.each<[string, RequestListener, number?]>([
    ["that refuses", (_request, response) => void response.writeHead(403).end("[]")],
    ["that sends it elsewhere", (_request, response) => void response.writeHead(302, { location: "/login" }).end()],
    ["that breaks off", (_request, response) => response.write("[", () => response.destroy())],
    ["that does not speak HTTP", (request) => void request.socket.end("220 hello\r\n")],
    [
      "that never ends",
      (_request, response) =>
        Readable.from(endless())
          .pipe(response)
          .on("error", () => {}),
    ],
    ["that says nothing", () => {}, 50],
  ])("one %s has no answer", async (_what, listener, within) => {
    expect(await answered(listener, within)).toBeUndefined();
  });
});
