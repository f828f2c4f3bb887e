import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeBroker, json } from "../testing/fake-broker.ts";
import { quickTiming } from "../testing/quick-timing.ts";
import { problem, receipt } from "../testing/views.ts";
import { type AgentError, PersonaAgent, type Progress } from "./index.ts";

const ROUTE = "POST /v1/workspaces";

let broker: FakeBroker;
beforeEach(async () => {
  broker = await FakeBroker.start();
});
afterEach(() => broker[Symbol.asyncDispose]());

function connect(token: Parameters<typeof PersonaAgent.connect>[0]["token"] = "t", patience = 5000) {
  return PersonaAgent.connect({ broker: broker.url, token, timing: quickTiming, patience });
}

/** Requests, and lets the test act when the first event stream is open. */
async function requested(agent: PersonaAgent, options: { wait?: boolean; signal?: AbortSignal } = {}) {
  const progress: Progress[] = [];
  const { promise: following, resolve } = Promise.withResolvers<string>();
  let answers = 0;
  const workspace = agent.requestPersona("data-analyst", {
    ...options,
    onProgress: (one) => {
      progress.push(one);
      // The second view is read when the stream stands.
      if (one.kind === "workspace" && ++answers === 2) resolve(one.workspace.workspace_id);
    },
  });
  workspace.catch(() => {});
  return { workspace, progress, id: await Promise.race([following, workspace.then(({ id }) => id)]) };
}

function eventsOf(progress: readonly Progress[]): string[] {
  return progress.flatMap((one) => (one.kind === "state" ? [String(one.state)] : one.kind === "phase_finished" ? [String(one.phase)] : []));
}

test("resolves with a ready workspace, after telling what happened in order", async () => {
  const { workspace, progress, id } = await requested(await connect());
  broker.move(id, { state: "provisioning" });
  broker.move(id, {}, { kind: "phase_finished", phase: "sandbox", took: 12 });
  broker.move(id, { state: "ready" });
  expect((await workspace).view.state).toBe("ready");
  expect(eventsOf(progress)).toEqual(["provisioning", "sandbox", "ready"]);
});

test("a state told as it happens settles the request by what came with it", async () => {
  const { workspace, id } = await requested(await connect());
  const asked = broker.seen.length;
  broker.move(id, { state: "ready", launch: ["git"] });
  expect((await workspace).view).toEqual(broker.workspaces.get(id));
  expect(broker.seen).toHaveLength(asked);
});

test("a reset settles it by the snapshot that came with it", async () => {
  const { workspace, id } = await requested(await connect());
  const asked = broker.seen.length;
  const snapshot = { ...broker.workspaces.get(id), state: "ready" as const };
  broker.tell(id, { kind: "reset", snapshot });
  expect((await workspace).view).toEqual(snapshot);
  expect(broker.seen).toHaveLength(asked);
});

test("a state that comes alone, as replayed ones do, is read", async () => {
  const agent = await connect();
  const { workspace, id } = await requested(agent);
  broker.workspaces.set(id, { ...(await agent.workspaceById(id)).view, state: "ready", launch: ["git"] });
  broker.tell(id, { kind: "state", state: "ready" });
  expect((await workspace).view).toEqual(broker.workspaces.get(id));
});

test.each(["before", "after"] as const)("a connection lost %s the request was handled is asked again with the same key", async (when) => {
  broker.losses.push({ route: ROUTE, when }, { route: ROUTE, when });
  const { workspace, id } = await requested(await connect());
  broker.move(id, { state: "ready" });
  await workspace;
  const asked = broker.seen.filter(({ method, path }) => `${method} ${path}` === ROUTE);
  expect(asked).toHaveLength(3);
  expect(new Set(asked.map(({ headers }) => headers["idempotency-key"]))).toHaveLength(1);
  expect(broker.workspaces.size).toBe(1);
});

test("a dropped event stream loses nothing and repeats nothing", async () => {
  const { workspace, progress, id } = await requested(await connect());
  broker.move(id, { state: "provisioning" });
  broker.move(id, {}, { kind: "phase_finished", phase: "image", took: 1 });
  await expect.poll(() => eventsOf(progress)).toContain("image");
  broker.losses.push({ route: `GET /v1/workspaces/${id}/events`, when: "before" });
  broker.cutStreams();
  broker.move(id, {}, { kind: "phase_finished", phase: "sandbox", took: 1 });
  await expect.poll(() => eventsOf(progress)).toContain("sandbox");
  broker.move(id, { state: "ready" });
  await workspace;
  expect(eventsOf(progress)).toEqual(["provisioning", "image", "sandbox", "ready"]);
  expect(progress.filter((one) => one.kind === "connection").map((one) => one.connected)).toEqual([false, true]);
});

test("what became ready while the stream was down is seen in the state that is read", async () => {
  const agent = await connect();
  const { workspace, id } = await requested(agent);
  broker.workspaces.set(id, { ...(await agent.workspaceById(id)).view, state: "ready" });
  broker.cutStreams();
  expect((await workspace).view.state).toBe("ready");
});

test("the same request twice is one workspace", async () => {
  const agent = await connect();
  const first = await requested(agent);
  const second = await requested(agent);
  broker.move(first.id, { state: "ready" });
  expect((await first.workspace).id).toBe((await second.workspace).id);
  expect(broker.workspaces.size).toBe(1);
});

test("a failure carries its reason", async () => {
  const { workspace, id } = await requested(await connect());
  broker.move(id, { state: "failed", reason: "start_failed", message: "no room on the disk" });
  await expect(workspace).rejects.toMatchObject({
    code: "workspace_failed",
    message: "no room on the disk",
    facts: { reason: "start_failed" },
  });
});

test("a workspace that is given back meanwhile is a conflict", async () => {
  const { workspace, id } = await requested(await connect());
  broker.move(id, { state: "releasing", desired: "released", reason: "cancelled" });
  await expect(workspace).rejects.toMatchObject({ code: "conflict" });
});

test.each(["insufficient_resources", "not_permitted", "invalid", "parameters_differ"] as const)(
  "a refusal keeps its code: %s",
  async (code) => {
    broker.handlers.set(ROUTE, (_, response) => problem(response, code, "so it is", { largest: { cpu: 1000 } }));
    const error = (await (await connect()).requestPersona("data-analyst").catch((one: unknown) => one)) as AgentError;
    expect(error).toMatchObject({ code, message: "so it is", facts: { largest: { cpu: 1000 } } });
    expect(broker.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  },
);

test("who does not wait leaves no request in the queue", async () => {
  const { workspace, id } = await requested(await connect(), { wait: false });
  broker.move(id, { reason: "waiting_for_room" }, { reason: "waiting_for_room", message: "needs 4 GiB ram, node-1 has 1 GiB" });
  await expect(workspace).rejects.toMatchObject({ code: "insufficient_resources", message: "needs 4 GiB ram, node-1 has 1 GiB" });
  expect(broker.seen.map(({ method, path }) => `${method} ${path}`)).toContain(`POST /v1/workspaces/${id}/release`);
});

test("stopping to wait gives the workspace no end", async () => {
  const stop = new AbortController();
  const { workspace, id } = await requested(await connect(), { signal: stop.signal });
  stop.abort();
  await expect(workspace).rejects.toMatchObject({ code: "aborted" });
  expect(broker.workspaces.get(id)?.desired).toBe("ready");
  await expect.poll(() => broker.listeners).toBe(0);
});

test("a broker that stays away is unreachable, at once for connect and after patience for requests", async () => {
  const agent = await connect("t", 30);
  const { url } = broker;
  await broker[Symbol.asyncDispose]();
  await expect(agent.requestPersona("data-analyst")).rejects.toMatchObject({ code: "unreachable" });
  await expect(PersonaAgent.connect({ broker: url, token: "t" })).rejects.toMatchObject({ code: "unreachable" });
  broker = await FakeBroker.start();
});

test("a token that the broker no longer accepts is renewed, also under a stream", async () => {
  let count = 0;
  broker.accepted.add("token-1");
  const { workspace, id } = await requested(await connect(async () => `token-${++count}`));
  broker.accepted.clear();
  broker.accepted.add("token-2");
  broker.cutStreams();
  await expect.poll(() => broker.seen.some(({ headers }) => headers.authorization === "Bearer token-2")).toBe(true);
  broker.move(id, { state: "ready" });
  await workspace;
  expect(count).toBe(2);
});

test("a fixed token that is refused is told, not asked again", async () => {
  broker.accepted.add("other");
  await expect(connect("t")).rejects.toMatchObject({ code: "not_authenticated" });
  expect(broker.seen).toHaveLength(1);
});

test("a sign-in is exchanged once for many calls", async () => {
  const agent = await connect({ sign_in: "secret" });
  await Promise.all([agent.workspaces(), agent.workspaces()]);
  expect(broker.seen.filter(({ path }) => path === "/v1/token")).toHaveLength(1);
  expect(agent.holdsCredential("token-1")).toBe(true);
});

test("no token goes in clear to another machine", async () => {
  await expect(PersonaAgent.connect({ broker: "http://guise.example", token: "t" })).rejects.toMatchObject({ code: "invalid" });
});

test("release names the candidates when several match, and resolves with the receipt", async () => {
  const agent = await connect();
  const first = await requested(agent);
  const other = agent.requestPersona("data-analyst", { name: "other" });
  await expect.poll(() => broker.workspaces.size).toBe(2);
  for (const id of broker.workspaces.keys()) broker.move(id, { state: "ready" });
  await Promise.all([first.workspace, other]);
  const error = (await agent.releasePersona("data-analyst").catch((one: unknown) => one)) as AgentError;
  expect(error.code).toBe("ambiguous");
  expect(error.candidates.map(({ name }) => name)).toEqual(["main", "other"]);
  const receiving = agent.releasePersona("data-analyst", { name: "main" });
  await expect.poll(() => broker.listeners).toBe(1);
  broker.cutStreams();
  broker.move(first.id, { state: "released", receipt: receipt(first.id) });
  expect(await receiving).toEqual(receipt(first.id));
});

test("an unavailable broker is asked again as Retry-After says; a fault of its own is not", async () => {
  let asked = 0;
  const agent = await connect();
  broker.handlers.set("GET /v1/workspaces", (_, response) => {
    asked += 1;
    if (asked < 3) problem(response, "unavailable", "starting");
    else json(response, 200, { items: [] });
  });
  expect(await agent.workspaces()).toEqual([]);
  broker.handlers.set("GET /v1/workspaces", (_, response) => problem(response, "internal", "a fault", { request_id: "r-1" }));
  await expect(agent.workspaces()).rejects.toMatchObject({ code: "internal", request_id: "r-1" });
});
