import { once } from "node:events";
import { connect } from "node:net";
import { ERROR_CODES, ERRORS, Refusal } from "@guise/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CodedError } from "#foundation";
import { METRICS } from "./metrics/metric-list.ts";
import { codesOf } from "./openapi.ts";
import { problemOf, refusalOf } from "./problems.ts";
import { HOST, openWorld, type World } from "./test-world.ts";

let world: World;
let document: Record<string, never> & { paths: Record<string, Record<string, Operation>> };

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Record<string, unknown>;
}

beforeAll(async () => {
  world = await openWorld();
  document = (await world.ask("GET", "/openapi.json")).body as never;
});
afterAll(() => world.close());

describe("the host", () => {
  test.each(["evil.example.com", "guise.localhost", `${HOST}.evil.com`, "127.0.0.1:7080", "", `${HOST}@evil.com`])(
    "%s is not ours",
    async (host) => {
      for (const url of ["/livez", "/v1/me", "/nothing"]) {
        const { status, body } = await world.ask("GET", url, { headers: { host } });
        expect([status, body.code]).toEqual([421, "misdirected"]);
      }
    },
  );

  test("letter case does not matter; forwarded hosts are not looked at", async () => {
    expect((await world.ask("GET", "/livez", { headers: { host: "GUISE.localhost:7080" } })).status).toBe(200);
    const forwarded = { host: "evil.example.com", "x-forwarded-host": HOST, forwarded: `host=${HOST}` };
    expect((await world.ask("GET", "/livez", { headers: forwarded })).status).toBe(421);
  });
});

describe("answers", () => {
  test("carry headers that keep them out of caches, frames and sniffing", async () => {
    for (const url of ["/livez", "/v1/me", "/v1/nothing", "/docs"]) {
      const { headers } = await world.ask("GET", url);
      expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(headers["x-request-id"]).toMatch(/^r-/);
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  test("errors are problem details, with a request id of ours", async () => {
    const { headers, body } = await world.ask("GET", "/v1/me", { headers: { "x-request-id": "theirs" } });
    expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(headers["www-authenticate"]).toBe("Bearer");
    expect(body).toMatchObject({ type: "/docs#error-not_authenticated", status: 401, fault: "caller", retry: "no" });
    expect(body.request_id).toBe(headers["x-request-id"]);
  });

  test("what is not a route, and broken or forged bodies, are told as such", async () => {
    expect((await world.ask("GET", "/v1/nothing")).body.code).toBe("not_found");
    expect((await world.ask("GET", "/v1/token")).body.code).toBe("method_not_allowed");
    expect((await world.ask("DELETE", "/v1/me")).body.code).toBe("method_not_allowed");
    const send = (payload: string, type = "application/json") =>
      world.broker.app.inject({ method: "POST", url: "/v1/token", headers: { host: HOST, "content-type": type }, payload });
    for (const answer of [await send("{"), await send('{"__proto__": {"a": 1}}'), await send("[]")]) {
      expect([answer.statusCode, answer.json().code]).toEqual([400, "invalid"]);
    }
    expect((await send(JSON.stringify({ code: "x".repeat(300_000) }))).json().code).toBe("payload_too_large");
  });
});

test.each([
  ["that is awaited", "POST /v1/token", "application/json"],
  ["that was refused", "PUT /v1/workspaces/w/files?path=a", "application/octet-stream"],
])("a body %s and drips is cut off", async (_what, line, type) => {
  const slow = await openWorld();
  const base = new URL(await slow.broker.listen({ host: "127.0.0.1", port: 0 }));
  slow.hosts.push(base.host);
  const socket = connect(Number(base.port), "127.0.0.1");
  socket.on("error", () => {}).resume();
  socket.write(`${line} HTTP/1.1\r\nhost: ${base.host}\r\ncontent-type: ${type}\r\ncontent-length: 50\r\nexpect: 100-continue\r\n\r\n`);
  await once(socket, "data");
  socket.write("{");
  // Served meanwhile; by then the first request waits for its body, or has its refusal.
  expect((await fetch(new URL("/livez", base))).status).toBe(200);
  slow.clock.advance(30_000);
  await once(socket, "close");
  await slow.close();
});

describe("errors", () => {
  test("an address that cannot be read is answered like everything else", async () => {
    for (const [url, status, code] of [
      ["/v1/personas/%zz", 400, "invalid"],
      [`/v1/personas/${"a".repeat(9000)}`, 401, "not_authenticated"],
    ] as const) {
      const { body, headers, ...answer } = await world.ask("GET", url);
      expect([answer.status, body.code]).toEqual([status, code]);
      expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
      expect(body.request_id).toBe(headers["x-request-id"]);
    }
  });

  test("what nobody marked as fit for callers becomes internal, without its words", () => {
    for (const error of [new Error("password 1234"), Object.assign(new Error("secret"), { code: "not_found" }), "text", undefined]) {
      const problem = problemOf(refusalOf(error), "r-1");
      expect(problem.code).toBe("internal");
      expect(JSON.stringify(problem)).not.toMatch(/1234|secret|text/);
    }
  });

  test("coded errors of the parts behind are translated, and only some are shown", () => {
    expect(refusalOf(new CodedError("file_not_found", "no ~/x\u001b[31m"))).toMatchObject({
      code: "file_not_found",
      message: "no ~/x[31m",
    });
    expect(refusalOf(new CodedError("stale_revision", "row 7"))).toMatchObject({ code: "conflict", message: ERRORS.conflict.meaning });
    expect(refusalOf(new CodedError("toString", "x")).code).toBe("internal");
  });

  test("facts of a refusal cannot forge the standard members", () => {
    const problem = problemOf(new Refusal("conflict", "x", { facts: { status: 200, code: "ok", largest: 5 } }), "r-1");
    expect(problem).toMatchObject({ status: 409, code: "conflict", largest: 5 });
  });

  test("each code of the registry is given by a route, before any, or by the agent alone", () => {
    const given = new Set(world.routes.flatMap((route) => codesOf(route)));
    expect(ERROR_CODES.filter((code) => !given.has(code))).toEqual([
      "ambiguous",
      "method_not_allowed",
      "too_slow",
      "head_too_large",
      "workspace_failed",
    ]);
  });
});

/** The portal is for people. */
const documented = () => world.routes.map(({ id }) => id).filter((id) => id !== "portal");

describe("OpenAPI", () => {
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) => Object.values(methods).map((operation) => ({ path, operation })));

  test("has every route once, and each parameter of its path", () => {
    expect(
      operations()
        .map(({ operation }) => operation.operationId)
        .sort(),
    ).toEqual(documented().sort());
    for (const { path, operation } of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(declared.map(({ name }) => name).sort()).toEqual(named.sort());
      expect(declared.every(({ required }) => required)).toBe(true);
      expect(Object.keys(operation.responses).every((status) => /^[1-5]\d\d$/.test(status))).toBe(true);
    }
  });

  test("every reference leads somewhere, and component names are well formed", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references)) {
      const found = reference
        .split("/")
        .slice(1)
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
      expect([reference, typeof found]).toEqual([reference, "object"]);
    }
    const { schemas } = (document as unknown as { components: { schemas: object } }).components;
    for (const name of Object.keys(schemas)) expect(name).toMatch(/^[\w.-]+$/);
    expect(JSON.stringify(document)).not.toContain('"$schema":"https://json-schema');
  });

  test("names the contract's own schemas", () => {
    const { schemas } = (document as unknown as { components: { schemas: object } }).components;
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining(["WorkspaceRequest", "WorkspaceView", "Receipt", "WorkspaceEvent", "Problem"]),
    );
  });
});

test("the reference page is whole in itself, and escapes what it shows", async () => {
  const { text, headers } = await world.ask("GET", "/docs");
  expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; frame-ancestors 'none'/);
  expect(text).not.toMatch(/<script|https?:\/\/|@import/i);
  for (const id of documented()) expect(text).toContain(`id="${id}"`);
  for (const code of ERROR_CODES) expect(text).toContain(`id="error-${code}"`);
  for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${target}"`);
});

test("the persona schema, the public keys and health are open", async () => {
  expect((await world.ask("GET", "/schemas/persona.json")).body).toMatchObject({ title: "Guise persona" });
  const jwks = await world.ask("GET", "/.well-known/jwks.json");
  expect(jwks.body.keys).toMatchObject([{ kty: "OKP", use: "sig" }]);
  expect(jwks.text).not.toContain('"d"');
  expect((await world.ask("GET", "/livez")).text).toBe("ok\n");
  expect((await world.ask("GET", "/readyz")).status).toBe(200);
  world.ready = false;
  const { body, headers } = await world.ask("GET", "/readyz");
  expect([body.code, headers["retry-after"]]).toEqual(["unavailable", "2"]);
  world.ready = true;
});

test("metrics: on this machine for everybody, elsewhere for operators; route ids, never paths or people", async () => {
  const ask = async (remoteAddress: string, token?: string) =>
    world.broker.app.inject({
      url: "/metrics",
      remoteAddress,
      headers: { host: HOST, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    });
  const local = await ask("127.0.0.1");
  expect(local.payload).toMatch(/guise_http_requests_total\{route="livez",status="200"\} \d/);
  expect(local.payload).toContain('route="none"');
  expect(local.payload).not.toMatch(/\/v1|ann/);
  expect((await ask("10.0.0.5")).statusCode).toBe(401);
  const proxied = { host: HOST, "x-forwarded-for": "192.0.2.1" };
  expect((await world.broker.app.inject({ url: "/metrics", remoteAddress: "127.0.0.1", headers: proxied })).statusCode).toBe(401);
  expect((await ask("10.0.0.5", await world.account("ann", ["user"]))).statusCode).toBe(403);
  expect((await ask("10.0.0.5", await world.account("olga", ["operator"]))).statusCode).toBe(200);
});

test("metrics tell how the installation stands: capacity, states as they are entered, phases, and what all use together", async () => {
  world.live.publish({ kind: "state", workspace: "w-1", at: "", state: "provisioning" });
  world.live.publish({ kind: "phase_finished", workspace: "w-1", at: "", phase: "network", took: 40 });
  world.live.publish({ kind: "state", workspace: "w-1", at: "", state: "ready" });
  world.live.publish({ kind: "state", workspace: "w-1", at: "", state: "ready", reason: "resized" });
  const limit = { limit: "memory", at: "", count: 1, message: "", remedy: "" } as const;
  world.live.publish({ kind: "killed", workspace: "w-1", at: "", limit });
  world.live.publish({ kind: "limit", workspace: "w-1", at: "", limit: { ...limit, limit: "processes" } });
  const { payload } = await world.broker.app.inject({ url: "/metrics", remoteAddress: "127.0.0.1", headers: { host: HOST } });
  for (const line of [
    'guise_limits_hit_total{limit="memory"} 1',
    'guise_limits_hit_total{limit="processes"} 1',
    'guise_workspace_states_total{state="provisioning"} 1',
    'guise_workspace_states_total{state="ready"} 1',
    'guise_phase_seconds_bucket{le="0.05",phase="network"} 1',
    'guise_phase_seconds_bucket{le="0.025",phase="network"} 0',
    "guise_queue_oldest_seconds 0",
    "guise_used_cpu_cores 0",
    "guise_cpu_seconds_total 0",
  ])
    expect(payload).toContain(line);
  expect(payload).toMatch(/^guise_info\{version="[^"]+"\} 1$/m);
  for (const name of Object.keys(METRICS)) expect(payload).toContain(`# HELP ${name} `);
});
