import { once } from "node:events";
import type { LiveMessage } from "@guise/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { HOST, openWorld, type World } from "./test-world.ts";

/** The metrics count what happens as long as the broker lives. */
const METRICS_LISTEN = 1;

let world: World;
let ann: string;
let base: string;

beforeEach(async () => {
  world = await openWorld();
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  base = await world.broker.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => world.close());

/** A reader of the live feed, and what it was told. */
class Reader {
  readonly socket: WebSocket;
  readonly told: LiveMessage[] = [];
  #look = () => {};

  constructor(token: string) {
    const headers = { host: HOST, authorization: `Bearer ${token}` };
    this.socket = new WebSocket(`${base.replace("http", "ws")}/v1/live`, { headers });
    this.socket.on("message", (data) => {
      this.told.push(JSON.parse(String(data)));
      this.#look();
    });
  }

  async until<Kind extends LiveMessage["kind"]>(
    kind: Kind,
    holds: (message: Extract<LiveMessage, { kind: Kind }>) => boolean = () => true,
  ): Promise<Extract<LiveMessage, { kind: Kind }>> {
    for (;;) {
      const found = this.told.find(
        (message): message is Extract<LiveMessage, { kind: Kind }> => message.kind === kind && holds(message as never),
      );
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }
}

async function request(token: string): Promise<string> {
  const { body } = await world.ask("POST", "/v1/workspaces", { token, key: crypto.randomUUID(), body: { persona_id: "tester" } });
  return String(body.workspace_id);
}

test("begins with the whole, and goes on with what happens to one's own", async () => {
  const first = await request(ann);
  const reader = new Reader(ann);
  expect((await reader.until("workspaces")).workspaces.map(({ workspace_id }) => workspace_id)).toEqual([first]);
  expect((await reader.until("personas")).personas.map(({ persona_id }) => persona_id)).toEqual(["tester"]);
  const second = await request(ann);
  await world.makeReady(second);
  await reader.until("workspace", ({ workspace }) => workspace.workspace_id === second && workspace.state === "ready");
  await reader.until("event", ({ event }) => event.workspace === second && event.state === "ready");
  world.live.publish({ kind: "progress", workspace: second, at: "2026-01-01T00:00:00Z", message: "half" });
  await reader.until("event", ({ event }) => event.message === "half");
});

test("tells nothing of others, and nothing of personas that one may not see", async () => {
  const bob = await world.account("bob", ["user"], ["sales"]);
  const reader = new Reader(bob);
  expect((await reader.until("personas")).personas).toEqual([]);
  const id = await request(ann);
  await world.makeReady(id);
  world.live.publish({ kind: "log", workspace: id, at: "2026-01-01T00:00:00Z", message: "secret" });
  const hers = new Reader(ann);
  await hers.until("workspaces", ({ workspaces }) => workspaces.length === 1);
  expect(JSON.stringify(reader.told)).not.toContain(id);
  expect(JSON.stringify(reader.told)).not.toContain("secret");
});

test("tells how builds go on, and says that the line stands when nothing happens", async () => {
  const reader = new Reader(ann);
  await reader.until("personas");
  await world.repository.setBuild("tester", 1, { state: "building", percent: 40, message: "installing git" });
  world.clock.advance(1000);
  await reader.until("personas", ({ personas }) => personas[0]?.build?.percent === 40);
  world.clock.advance(15_000);
  world.clock.advance(15_000);
  await reader.until("still_here");
});

test("tells what one's own workspaces use, and nobody else's", async () => {
  const bob = await world.account("bob", ["user"], ["analytics"]);
  const id = await request(ann);
  const mine = new Reader(ann);
  const his = new Reader(bob);
  await Promise.all([mine.until("personas"), his.until("personas")]);
  world.usage.publish(id);
  expect((await mine.until("usage")).sample).toMatchObject({ workspace_id: id, cpu: 5 });
  world.usage.publish(await request(bob));
  await his.until("usage");
  expect(JSON.stringify(his.told)).not.toContain(id);
});

test("tells what a request would get now, again when that is another, and only of what the person may request", async () => {
  const reader = new Reader(ann);
  const stranger = new Reader(await world.account("mia", ["author"], ["makers"]));
  expect((await reader.until("availability")).personas).toEqual({ tester: { state: "now" } });
  expect((await stranger.until("availability")).personas).toEqual({});
  world.advice = { kind: "would_wait", reason: "waiting_for_room", place: 2, turn: 0, short: [], node: null };
  world.clock.advance(3_000);
  const { personas } = await reader.until("availability", (message) => message.personas.tester?.state === "waits");
  expect(personas.tester).toEqual({ state: "waits", place: 2, message: expect.stringContaining("1 workspace is ahead of you") });
});

test("usage is read by who holds the workspace, as JSON and as CSV", async () => {
  const id = await request(ann);
  const url = `/v1/workspaces/${id}/usage`;
  expect((await world.ask("GET", url, { token: ann })).body).toMatchObject({ workspace_id: id, series: [{ ram_peak: 7 }] });
  const csv = await world.ask("GET", url, { token: ann, headers: { accept: "text/csv" } });
  expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
  expect(csv.text).toBe("at,covers,cpu,ram,ram_peak,storage,received,sent\r\n2026-01-01T00:00:00.000Z,60000,5,6,7,8,9,10\r\n");
  const bob = await world.account("bob", ["user", "operator"], ["analytics"]);
  expect((await world.ask("GET", url, { token: bob })).status).toBe(404);
});

test("ends with the right to it, and leaves no listener behind", async () => {
  const reader = new Reader(ann);
  await reader.until("personas");
  expect(world.live.listenersToAll).toBe(METRICS_LISTEN + 1);
  const operator = await world.account("olga", ["operator"]);
  await world.ask("PATCH", "/v1/accounts/ann", { token: operator, body: { disabled: true } });
  world.clock.advance(15_000);
  const [code] = await once(reader.socket, "close");
  expect(code).toBe(1008);
  // The far side learns of the end a moment later.
  await vi.waitUntil(() => world.live.listenersToAll === METRICS_LISTEN);
});

test("a reader that does not read is cut off", async () => {
  await world.close();
  world = await openWorld({ unreadEvents: 100_000 });
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  base = await world.broker.listen({ host: "127.0.0.1", port: 0 });
  const id = await request(ann);
  const reader = new Reader(ann);
  await reader.until("personas");
  reader.socket.pause();
  const message = "x".repeat(10_000);
  // More than the network's own buffers hold.
  for (let count = 0; count < 2000 && world.live.listenersToAll > METRICS_LISTEN; count++) {
    world.live.publish({ kind: "log", workspace: id, at: "2026-01-01T00:00:00Z", message });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(world.live.listenersToAll).toBe(METRICS_LISTEN);
});
