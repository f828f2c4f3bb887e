import { once } from "node:events";
import type { WorkspaceEvent } from "@guise/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let ann: string;
let id: string;
let base: string;
const readers: Reader[] = [];

beforeEach(async () => {
  world = await openWorld();
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  id = String(body.workspace_id);
  base = await world.broker.listen({ host: "127.0.0.1", port: 0 });
  world.hosts.push(new URL(base).host);
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.stop();
  await world.close();
});

/** Reads events as they come; `next` waits for one, `ended` for the end of the stream. */
class Reader {
  readonly #frames: string[] = [];
  readonly #abort = new AbortController();
  readonly #news = new EventTarget();
  raw = "";
  done = false;

  async open(token: string, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(`${base}/v1/workspaces/${id}/events`, {
      headers: { authorization: `Bearer ${token}`, accept: "text/event-stream", ...headers },
      signal: this.#abort.signal,
    });
    if (response.ok) void this.#read(response);
    return response;
  }

  async #read(response: Response): Promise<void> {
    let text = "";
    try {
      for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        this.raw += part;
        text += part;
        const frames = text.split("\n\n");
        text = frames.pop() ?? "";
        this.#frames.push(...frames.filter((frame) => frame.includes("data: ")));
        this.#news.dispatchEvent(new Event("news"));
      }
    } catch {
      // Stopped by the test.
    }
    this.done = true;
    this.#news.dispatchEvent(new Event("news"));
  }

  async next(): Promise<WorkspaceEvent> {
    while (this.#frames.length === 0) {
      if (this.done) throw new Error("the stream ended");
      await once(this.#news as never, "news");
    }
    return JSON.parse(/^data: (.*)$/m.exec(this.#frames.shift() ?? "")?.[1] ?? "null");
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#news as never, "news");
  }

  stop(): void {
    this.#abort.abort();
  }
}

async function reader(headers: Record<string, string> = {}, token = ann): Promise<Reader> {
  const one = new Reader();
  readers.push(one);
  expect((await one.open(token, headers)).status).toBe(200);
  return one;
}

const steps = { amounts: { cpu: 1, ram: 1, storage: 1, ingress: 1, egress: 1 } };
const provision = () =>
  world.move({ id, to: "provisioning", reason: "starting", allocate: { node: "n", ...steps }, newGeneration: { engineName: "g" } });

test("replays what happened, then tells what happens, durable and transient, and ends after released", async () => {
  const one = await reader();
  expect(await one.next()).toMatchObject({ id: `${id}.1`, kind: "state", state: "queued" });
  world.live.publish({ kind: "queue", workspace: id, at: "now", place: 2, message: "2 ahead" });
  expect(await one.next()).toMatchObject({ kind: "queue", place: 2 });
  await provision();
  expect(await one.next()).toMatchObject({ id: `${id}.2`, state: "provisioning" });
  await world.move({ id, to: "releasing", reason: "cancelled" });
  await world.move({ id, to: "released", reason: "cancelled", free: true });
  expect((await one.next()).state).toBe("releasing");
  expect((await one.next()).state).toBe("released");
  await one.until(() => one.done);
  expect(world.live.listeners(id)).toBe(0);
});

test("a state told as it happens comes with the workspace as its reader may see it, what follows stays behind it, and a replayed one comes alone", async () => {
  const one = await reader();
  expect(await one.next()).not.toHaveProperty("snapshot");
  await provision();
  world.live.publish({ kind: "log", workspace: id, at: "now", message: "starting" });
  const told = await one.next();
  const shown = await world.ask("GET", `/v1/workspaces/${id}`, { token: ann });
  expect(told).toMatchObject({ kind: "state", state: "provisioning", snapshot: shown.body });
  expect(await one.next()).toMatchObject({ kind: "log", message: "starting" });
  const late = await reader({ "last-event-id": `${id}.1` });
  const replayed = await late.next();
  expect(replayed).toMatchObject({ state: "provisioning" });
  expect(replayed).not.toHaveProperty("snapshot");
});

test("a state whose workspace cannot be read is told without it", async () => {
  const one = await reader();
  await one.next();
  vi.spyOn(world.repository, "launches").mockRejectedValueOnce(new Error("the disk is slow"));
  await provision();
  const told = await one.next();
  expect(told).toMatchObject({ kind: "state", state: "provisioning" });
  expect(told).not.toHaveProperty("snapshot");
});

test("resumes behind the event that was seen last, missing and repeating nothing", async () => {
  await provision();
  await world.move({ id, to: "ready", phases: [{ phase: "sandbox", took: 5 }], readyAt: world.clock.now() });
  // Events within one revision: a reader that saw the first of them still misses the others.
  const launch = { workspace: id, generation: 1, application: "git", kind: "terminal", state: "running", startedAt: 0 } as const;
  for (const name of ["l-1", "l-2"]) await world.repository.recordLaunch({ ...launch, id: name });
  const all = (await world.repository.events(id, 0)).events;
  expect(all.map((event) => event.id)).toContain(`${id}.3.2`);
  for (const [index, seen] of all.entries()) {
    const one = await reader({ "last-event-id": seen.id ?? "" });
    const marker: WorkspaceEvent = { kind: "log", workspace: id, at: "now", message: "live" };
    await one.until(() => one.raw.includes("retry"));
    world.live.publish(marker);
    const rest = [];
    for (let event = await one.next(); event.kind !== "log"; event = await one.next()) rest.push(event);
    expect(rest).toEqual(all.slice(index + 1));
    one.stop();
  }
});

test("a released workspace is replayed and ended, even when all was seen", async () => {
  await world.move({ id, to: "releasing", reason: "cancelled" });
  await world.move({ id, to: "released", reason: "cancelled" });
  const all = await reader();
  await all.until(() => all.done);
  expect((await all.next()).state).toBe("queued");
  const none = await reader({ "last-event-id": `${id}.3` });
  await none.until(() => none.done);
  expect(none.raw).not.toContain("data: ");
});

test("a reader that knows more than the store does gets a reset with the whole workspace", async () => {
  const one = await reader({ "last-event-id": `${id}.9` });
  const reset = await one.next();
  expect(reset).toMatchObject({ kind: "reset", workspace: id, snapshot: { workspace_id: id, state: "queued" } });
  expect(reset.id).toBeUndefined();
});

test("an id from elsewhere is refused", async () => {
  for (const bad of ["w-other.1", "nonsense", `${id}.x`, `${id}.1; drop`]) {
    const response = await new Reader().open(ann, { "last-event-id": bad });
    expect([bad, response.status]).toEqual([bad, 400]);
  }
});

test("beats while nothing happens", async () => {
  const one = await reader();
  await one.next();
  world.clock.advance(15_000);
  await one.until(() => one.raw.includes(": still here"));
});

test("ends when the account is disabled, within a heartbeat", async () => {
  const one = await reader();
  await one.next();
  await world.repository.setAccount("ann", { disabled: true }, { at: 0, actor: "x", action: "x", target: "x", outcome: "done" });
  world.clock.advance(15_000);
  await one.until(() => one.done);
});

test("tells nothing after the sign-in has ended", async () => {
  const { token } = await world.issuer.sign("access", { subject: "ann", scopes: ["read"], notAfter: world.clock.now() + 5_000 });
  const one = await reader({}, token);
  await one.next();
  world.clock.advance(5_000);
  world.live.publish({ kind: "log", workspace: id, at: "now", message: "too late" });
  await one.until(() => one.done);
  expect(one.raw).not.toContain("too late");
});

test("streams of one person are bounded, and freed when they end", async () => {
  await world.close();
  world = await openWorld({ streamsPerPerson: 1 });
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  id = String(body.workspace_id);
  base = await world.broker.listen({ host: "127.0.0.1", port: 0 });
  world.hosts.push(new URL(base).host);
  const one = await reader();
  await one.next();
  const refused = await new Reader().open(ann);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1");
  await world.move({ id, to: "releasing", reason: "cancelled" });
  await world.move({ id, to: "released", reason: "cancelled" });
  await one.until(() => one.done);
  await reader();
});

test("without Accept for streams the durable events come as a list", async () => {
  const { body } = await world.ask("GET", `/v1/workspaces/${id}/events`, { token: ann });
  expect(body.items).toMatchObject([{ id: `${id}.1`, kind: "state" }]);
});

test("closing the broker ends the stream", async () => {
  const one = await reader();
  await one.next();
  const closed = world.broker.close();
  await one.until(() => one.done);
  await closed;
});
