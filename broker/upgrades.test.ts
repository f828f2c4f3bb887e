import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openWorld, type World } from "./test-world.ts";

const AUDIT = { actor: "test", action: "prepare", target: "-", outcome: "done" } as const;

let world: World;
let ann: string;
let id: string;
let base: string;

beforeEach(async () => {
  world = await openWorld();
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  id = String(body.workspace_id);
  base = await world.broker.listen({ host: "127.0.0.1", port: 0 });
  world.hosts.push(new URL(base).host);
});
afterEach(() => world.close());

const open = (path: string, headers: Record<string, string> = {}) =>
  new WebSocket(`${base.replace("http", "ws")}${path}`, { headers: { authorization: `Bearer ${ann}`, ...headers } });

/** The status with which an upgrade is refused. */
async function refusal(socket: WebSocket): Promise<{ status: number; code: unknown }> {
  const [request, response] = await once(socket, "unexpected-response");
  let text = "";
  for await (const part of response) text += part;
  request.destroy();
  return { status: response.statusCode, code: JSON.parse(text).code };
}

describe("upgrades", () => {
  test("exec carries both ways, and is audited", async () => {
    await world.makeReady(id);
    const socket = open(`/v1/workspaces/${id}/exec`);
    await once(socket, "open");
    socket.send(Buffer.from("hello"));
    const [message] = await once(socket, "message");
    expect(String(message)).toBe("hello");
    expect(world.asked).toContainEqual(["exec", id, undefined]);
    expect((await world.repository.auditEntries(0, 100)).at(-1)).toMatchObject({ action: "exec", target: id });
    socket.close();
    await once(socket, "close");
  });

  test("pass the same permission as requests", async () => {
    await world.makeReady(id);
    expect(await refusal(open(`/v1/workspaces/${id}/exec`, { authorization: "" }))).toEqual({ status: 401, code: "not_authenticated" });
    expect(await refusal(open(`/v1/workspaces/${id}/exec?access_token=${ann}`))).toEqual({ status: 400, code: "invalid" });
    expect(await refusal(open(`/v1/workspaces/${id}/exec?access_token=${ann}`, { authorization: "" }))).toMatchObject({ status: 401 });
    expect(await refusal(open(`/v1/workspaces/${id}/exec`, { host: "evil.example.com" }))).toEqual({ status: 421, code: "misdirected" });
    ann = await world.account("bob", ["user", "operator"], ["analytics"]);
    expect(await refusal(open(`/v1/workspaces/${id}/exec`))).toEqual({ status: 404, code: "not_found" });
    expect(await refusal(open("/v1/workspaces/w-none/exec"))).toEqual({ status: 404, code: "not_found" });
    expect(await refusal(open("/v1/nothing"))).toEqual({ status: 404, code: "not_found" });
  });

  test("end within a heartbeat when the person may ask for the persona no more; what is paused stays so, and can be given back", async () => {
    await world.makeReady(id);
    const socket = open(`/v1/workspaces/${id}/exec`);
    await once(socket, "open");
    await world.repository.setAccount("ann", { groups: ["sales"] }, { ...AUDIT, at: world.clock.now() });
    const ended = once(socket, "close");
    const later = () => {
      world.clock.advance(30_000);
      return socket.readyState;
    };
    await expect.poll(later).toBe(WebSocket.CLOSED);
    expect((await ended)[0]).toBe(1008);
    expect(await refusal(open(`/v1/workspaces/${id}/exec`))).toEqual({ status: 403, code: "not_permitted" });
    for (const act of ["suspend", "resume", "release"]) {
      const { status } = await world.ask("POST", `/v1/workspaces/${id}/${act}`, { token: ann, body: {}, key: act });
      expect([act, status]).toEqual([act, act === "resume" ? 403 : 202]);
    }
  });

  test("need a ready workspace, and a launch of it of the right kind", async () => {
    expect(await refusal(open(`/v1/workspaces/${id}/exec`))).toEqual({ status: 409, code: "workspace_not_ready" });
    const { generation } = await world.makeReady(id);
    const launch = { workspace: id, generation, application: "a", state: "running", startedAt: 0 } as const;
    await world.repository.recordLaunch({ ...launch, id: "l-web", kind: "web", web: { port: 8888, path: "/" } });
    await world.repository.recordLaunch({ ...launch, id: "l-term", kind: "terminal" });
    await world.repository.recordLaunch({ ...launch, id: "l-old", kind: "terminal", generation: generation - 1 });
    const path = (name: string, way: string) => `/v1/workspaces/${id}/launches/${name}/${way}`;
    expect(await refusal(open(path("l-web", "terminal")))).toEqual({ status: 409, code: "conflict" });
    expect(await refusal(open(path("l-term", "connect")))).toEqual({ status: 409, code: "conflict" });
    expect(await refusal(open(path("l-old", "terminal")))).toEqual({ status: 404, code: "not_found" });
    for (const way of [path("l-web", "connect"), path("l-term", "terminal")]) {
      const one = open(way);
      await once(one, "open");
      one.close();
      await once(one, "close");
    }
    expect(world.asked).toEqual([
      ["connect", id, 8888],
      ["terminal", id, "l-term"],
    ]);
  });

  test("a plain request to one is told so", async () => {
    await world.makeReady(id);
    expect((await world.ask("GET", `/v1/workspaces/${id}/exec`, { token: ann })).body.code).toBe("invalid");
  });

  test("are closed when the account is disabled, and their slots are freed", async () => {
    await world.makeReady(id);
    const socket = open(`/v1/workspaces/${id}/exec`);
    await once(socket, "open");
    await world.repository.setAccount("ann", { disabled: true }, { at: 0, actor: "x", action: "x", target: "x", outcome: "done" });
    world.clock.advance(15_000);
    const [code] = await once(socket, "close");
    expect(code).toBe(1008);
  });

  test("are told when Guise stops", async () => {
    await world.makeReady(id);
    const socket = open(`/v1/workspaces/${id}/exec`);
    await once(socket, "open");
    const closed = world.broker.close();
    expect((await once(socket, "close"))[0]).toBe(1001);
    await closed;
  });
});

describe("files", () => {
  const url = () => `${base}/v1/workspaces/${id}/files?path=data.bin`;
  const authorization = () => ({ authorization: `Bearer ${ann}` });

  test("stream in and out, beyond any body limit", async () => {
    await world.makeReady(id);
    const content = Buffer.alloc(3_000_000, "guise");
    const put = await fetch(url(), {
      method: "PUT",
      body: content,
      headers: { ...authorization(), "content-type": "application/octet-stream" },
    });
    expect(put.status).toBe(204);
    const got = await fetch(url(), { headers: authorization() });
    expect(got.headers.get("content-type")).toBe("application/octet-stream");
    expect(got.headers.get("content-length")).toBe("3000000");
    expect(Buffer.from(await got.arrayBuffer()).equals(content)).toBe(true);
    const stat = await world.ask("GET", `/v1/workspaces/${id}/files/stat?path=data.bin`, { token: ann });
    expect(stat.body).toMatchObject({ kind: "file", bytes: 3_000_000 });
  });

  test("nothing is replaced where it was asked for so", async () => {
    await world.makeReady(id);
    const put = (condition: string) =>
      fetch(url(), {
        method: "PUT",
        body: "x",
        headers: { ...authorization(), "content-type": "application/octet-stream", "if-none-match": condition },
      });
    expect((await put("*")).status).toBe(204);
    const refused = await put("*");
    expect(refused.status).toBe(412);
    expect(await refused.json()).toMatchObject({ code: "file_exists" });
    expect(await (await put('"a"')).json()).toMatchObject({ code: "invalid" });
  });

  test("an empty file is a file", async () => {
    await world.makeReady(id);
    const put = await fetch(url(), {
      method: "PUT",
      body: "",
      headers: { ...authorization(), "content-type": "application/octet-stream" },
    });
    expect(put.status).toBe(204);
    expect(world.files.get("data.bin")?.length).toBe(0);
  });

  test("other media types, missing paths and zero bytes are refused", async () => {
    await world.makeReady(id);
    const put = await fetch(url(), { method: "PUT", body: "x", headers: { ...authorization(), "content-type": "text/plain" } });
    expect(await put.json()).toMatchObject({ code: "unsupported_media_type" });
    for (const query of ["", "?path=", "?path=a%00b", "?path=a&as=zip", "?path=a&token=b"]) {
      expect((await world.ask("GET", `/v1/workspaces/${id}/files${query}`, { token: ann })).body.code).toBe("invalid");
    }
  });

  test("a name that is made has only what can be seen; one that is there is read all the same", async () => {
    await world.makeReady(id);
    const hidden = new URL(`${url()}`);
    hidden.searchParams.set("path", "~/gpj.\u202eexe");
    const headers = { ...authorization(), "content-type": "application/octet-stream" };
    const put = await fetch(hidden, { method: "PUT", body: "x", headers });
    expect(await put.json()).toMatchObject({ code: "invalid", problems: [{ path: "$.path", message: expect.stringContaining("U+202E") }] });
    world.files.set("gpj.\u202eexe", Buffer.from("made inside"));
    const read = await fetch(hidden, { headers: authorization() });
    await read.arrayBuffer();
    expect(read.status).toBe(200);
  });

  test("nobody else's, and nothing of an unready workspace", async () => {
    expect((await world.ask("GET", `/v1/workspaces/${id}/files?path=a`, { token: ann })).body.code).toBe("workspace_not_ready");
    const bob = await world.account("bob", ["user"], ["analytics"]);
    const put = await fetch(url(), {
      method: "PUT",
      body: "x",
      headers: { authorization: `Bearer ${bob}`, "content-type": "application/octet-stream" },
    });
    expect(put.status).toBe(404);
    expect(world.files.size).toBe(0);
  });
});
