import { once } from "node:events";
import { connect } from "node:net";
import { ERROR_CODES, ERRORS } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { causeOf } from "./answer-log.ts";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let host: string;
let ann: string;
let id: string;

beforeEach(async () => {
  world = await openWorld();
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  id = String(body.workspace_id);
  await world.makeReady(id);
  host = new URL(await world.broker.listen({ host: "127.0.0.1", port: 0 })).host;
  world.hosts.push(host);
});
afterEach(() => world.close());

const loud = () => world.logged.filter(({ level }) => level === "error" || level === "warn");

/** Sends the beginning of a request, and leaves as soon as the other side has something of it. */
async function leaveAfter(line: string, ...more: readonly string[]): Promise<void> {
  const socket = connect(Number(host.split(":")[1]), "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  socket.write([line, `host: ${host}`, `authorization: Bearer ${ann}`, "expect: 100-continue", ...more].join("\r\n"));
  await once(socket, "data");
  socket.destroy();
}

test.each([
  ["in the middle of an upload", "PUT /v1/workspaces/ID/files?path=a HTTP/1.1", "content-type: application/octet-stream"],
  ["in the middle of a body", "POST /v1/workspaces HTTP/1.1", "content-type: application/json"],
])("a caller who leaves %s is no fault of ours", async (_when, line, type) => {
  await leaveAfter(line.replace("ID", id), type, "content-length: 100", "", "{");
  await expect.poll(() => world.logged.map(({ message }) => message), { interval: 20 }).toContain("a caller left before the answer");
  expect(loud()).toEqual([]);
});

test("a caller who leaves an event stream, or a download, is told of by nobody", async () => {
  world.files.set("a", Buffer.alloc(32 * 2 ** 20));
  for (const path of ["events", "files?path=a"]) {
    await leaveAfter(`GET /v1/workspaces/${id}/${path} HTTP/1.1`, "accept: text/event-stream", "", "");
    await expect.poll(() => world.broker.connections.counts, { interval: 20 }).toEqual({ strangers: 0, known: 0 });
  }
  expect(loud()).toEqual([]);
});

test("what callers do wrong is not our log's, what may happen is a line, and a fault of ours has its stack", () => {
  for (const code of ERROR_CODES) {
    expect(causeOf({ code }, true)).toBe("caller_left");
    const expected = ERRORS[code].fault === "caller" ? "caller" : code === "internal" ? "fault" : "expected";
    expect([code, causeOf({ code }, false)]).toEqual([code, expected]);
  }
});

test("an engine that is away is one line a request, without a stack", async () => {
  world.ready = false;
  await world.ask("GET", "/v1/personas", { token: ann });
  expect(loud()).toMatchObject([{ level: "warn", facts: { error: "unavailable", route: "list_personas" } }]);
  expect(loud()[0]?.facts).not.toHaveProperty("err");
});
