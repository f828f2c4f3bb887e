/**
 * What a web application costs by its origin, through the broker and its proxy, beside a plain port of this machine that leads over the same channel
 * to the same server, as `ssh -L` does: one request after another, a large answer, and a thousand requests at once. On the real OpenSSH, in
 * namespaces of this machine; the client is in the same process.
 */
import { once } from "node:events";
import { Agent, request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { pipeline } from "node:stream";
import { WebUpstreams } from "#connections";
import { systemClock } from "#foundation";
import type { Channel } from "#provisioning";
import { SandboxLookalike } from "#provisioning/sandbox-lookalike";
import { openWorld, type World } from "../broker/test-world.ts";
import { median } from "../provisioning/drivers/docker/test-support/median.ts";
import { Figures } from "./figures.ts";

const REQUESTS = 400;
const ROUNDS = 5;
const CROWD = 1_000;
const MIB = 2 ** 20;
/** Ms added to a request, and the time of a large answer: four fifths of the plain way's throughput. */
const BARS = { added: 1, answer: 1.25 } as const;
const PORT = 8888;
/** A server inside, which says when it is there. */
const SERVER = `const large = Buffer.alloc(64 * ${MIB}, 1);
require("node:http").createServer((request, response) => response.end(request.url === "/large" ? large : "ok")).listen(${PORT}, "127.0.0.1", () => console.log("ready"))`;

/** One way to the server. */
interface Way {
  readonly agent: Agent;
  readonly host: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

const figures = new Figures();
await using sandbox = await SandboxLookalike.start();
const channel = await sandbox.connect();
const server = sandbox.program([process.execPath, "-e", SERVER]);
await once(server, "data");
server.on("error", () => {});
const forward = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  channel.forward({ port: PORT }).then(
    (inside) => {
      pipeline(socket, inside, () => {});
      pipeline(inside, socket, () => {});
    },
    () => socket.destroy(),
  );
});
const world = await openWorld({}, webTo(channel));
try {
  await measure({ plain: await plainWay(), proxied: await proxiedWay(world) });
} finally {
  await world.close();
  forward.close();
  server.destroy();
  channel.close();
}
process.exitCode = figures.held ? 0 : 1;

async function measure({ plain, proxied }: Readonly<Record<"plain" | "proxied", Way>>): Promise<void> {
  const alone = { plain: [] as number[], proxied: [] as number[] };
  for (let count = 0; count < REQUESTS; count++) {
    alone.plain.push(await timed(() => answerOf(plain, "/")));
    alone.proxied.push(await timed(() => answerOf(proxied, "/")));
  }
  const [one, other] = [median(alone.plain), median(alone.proxied)];
  figures.say(`  one request: ${one.toFixed(2)} ms plain, ${other.toFixed(2)} ms by its origin`);
  figures.ratio("added to a request, ms (p50)", other - one, BARS.added);
  const large = await turns((way) => answerOf(way, "/large"), plain, proxied);
  figures.ratio("64 MiB", median(large.map((time) => time.proxied / time.plain)), BARS.answer);
  const crowd = (way: Way) => Promise.all(Array.from({ length: CROWD }, () => answerOf(way, "/")));
  const crowds = await turns(crowd, plain, proxied);
  figures.ratio(`added to each of ${CROWD} at once, ms`, median(crowds.map((time) => (time.proxied - time.plain) / CROWD)), BARS.added);
}

/** Ms that both ways take, turn by turn. */
async function turns(work: (way: Way) => Promise<unknown>, plain: Way, proxied: Way) {
  const times: { readonly plain: number; readonly proxied: number }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    times.push({ plain: await timed(() => work(plain)), proxied: await timed(() => work(proxied)) });
  figures.say(
    `  ${median(times.map((time) => time.plain)).toFixed(0)} ms plain, ${median(times.map((time) => time.proxied)).toFixed(0)} ms by its origin`,
  );
  return times;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Its bytes. Rejects what is no good answer. */
function answerOf({ agent, host, port, headers }: Way, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host, port, path, headers }, (answer) => {
      let bytes = 0;
      answer.on("data", (piece: Buffer) => (bytes += piece.length));
      answer.on("end", () => (answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`answered with ${answer.statusCode}`))));
    });
    sent.on("error", reject);
    sent.end();
  });
}

function webTo(to: Channel) {
  const openChannel = async () => ({ channel: to, release() {} });
  return new WebUpstreams(systemClock).to({ workspace: "w", generation: 1 }, { port: PORT }, { openChannel, watch: () => () => {} });
}

async function plainWay(): Promise<Way> {
  await new Promise<void>((resolve) => forward.listen(0, "127.0.0.1", resolve));
  const { port } = forward.address() as AddressInfo;
  return { agent: new Agent({ keepAlive: true, maxSockets: 16 }), host: "127.0.0.1", port, headers: {} };
}

/** As a browser comes: let in once, with as many connections as it needs. */
async function proxiedWay({ ask, account, broker, repository, makeReady, usable }: World): Promise<Way> {
  await usable();
  const token = await account("ann", ["user"], ["analytics"]);
  const { body } = await ask("POST", "/v1/workspaces", { token, key: "k", body: { persona_id: "tester" } });
  const id = String(body.workspace_id);
  const { generation } = await makeReady(id);
  const launch = { id: "l-web", workspace: id, generation, application: "bench", kind: "web", state: "running", startedAt: 0 } as const;
  await repository.recordLaunch({ ...launch, web: { port: PORT, path: "/" } });
  const port = Number(new URL(await broker.listen({ host: "127.0.0.1", port: 0 })).port);
  const host = `bench--${id}.localhost:7080`;
  const here = { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
  const page = await asked(port, "GET", { host, "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site" });
  const challenge = /data-challenge="([^"]+)"/.exec(page.text)?.[1];
  const { ticket } = (await ask("POST", `/v1/workspaces/${id}/launches/l-web/tickets`, { token, body: { challenge } })).body;
  const opened = await asked(port, "POST", { ...here, cookie: page.cookie }, String(ticket));
  return { agent: new Agent({ keepAlive: true, maxSockets: 16 }), host: "127.0.0.1", port, headers: { ...here, cookie: opened.cookie } };
}

function asked(port: number, method: string, headers: Readonly<Record<string, string>>, body?: string) {
  return new Promise<{ readonly text: string; readonly cookie: string }>((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path: "/.guise/open", headers, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => resolve({ text, cookie: answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? "" }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
