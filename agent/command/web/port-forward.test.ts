import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandSession } from "../../sdk/index.ts";
import { openPortForward, type PortForward } from "./port-forward.ts";

/** What listens inside: it answers what it was sent in all, once the sender has ended. */
let inside: Server;
let forward: PortForward;
const failures: string[] = [];
let isThere = true;

beforeEach(async () => {
  isThere = true;
  failures.length = 0;
  inside = createServer({ allowHalfOpen: true }, (socket) => {
    let text = "";
    socket.on("data", (bytes) => (text += bytes));
    socket.on("end", () => socket.end(`got ${text.length}`));
  });
  await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
  forward = await openPortForward(
    (onOutput) => (isThere ? session(onOutput) : Promise.reject(new Error("nothing answers at port 5173"))),
    0,
    (error) => failures.push(error.message),
  );
});
afterEach(async () => {
  await forward.close();
  await new Promise((resolve) => inside.close(resolve));
});

async function session(onOutput: (bytes: Uint8Array) => void | Promise<void>): Promise<CommandSession> {
  const socket = connect((inside.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("data", (bytes) => void onOutput(bytes));
  return {
    write: (bytes) => new Promise((done) => socket.write(bytes, () => done())),
    end: async () => void socket.end(),
    resize: async () => {},
    signal: async () => {},
    close: () => socket.destroy(),
    exit: once(socket, "close").then(() => ({ exit: 0 })),
  };
}

async function answerTo(text: string): Promise<string> {
  const socket: Socket = connect(forward.port, "127.0.0.1");
  socket.end(text);
  let answer = "";
  socket.on("data", (bytes) => (answer += bytes));
  await once(socket, "close");
  return answer;
}

test("each connection is one inside, both ways, each way to its end", async () => {
  const texts = ["", "a", "x".repeat(500_000)];
  expect(await Promise.all(texts.map(answerTo))).toEqual(["got 0", "got 1", "got 500000"]);
});

test("what is not there inside is told, and the next connection finds it", async () => {
  isThere = false;
  expect(await answerTo("a")).toBe("");
  expect(failures).toEqual(["nothing answers at port 5173"]);
  isThere = true;
  expect(await answerTo("a")).toBe("got 1");
});
