import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

/** Requests as they stand on the wire, past any client that would mend them. */
let world: World;
let host: string;
let ann: string;

beforeAll(async () => {
  world = await openWorld({ strangerRequestBurst: 10_000, requestBurst: 10_000, failureBurst: 10_000 });
  host = new URL(await world.broker.listen({ host: "127.0.0.1", port: 0 })).host;
  world.hosts.push(host);
  ann = await world.account("ann", ["user"], ["analytics"]);
  await world.usable();
});
afterAll(() => world.close());

/** The whole answer to what is sent, up to the end of the connection. */
async function send(
  ...lines: readonly string[]
): Promise<{ status: number; headers: string; body: Record<string, unknown>; rest: string }> {
  const socket = connect(Number(host.split(":")[1]), "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  const [line = "", ...others] = lines;
  const named = others.some((each) => /^host:/i.test(each)) || line === "" ? [] : [`host: ${host}`];
  socket.write([line, ...named, ...others, "", ""].join("\r\n").replace("\r\n\r\n\r\n\r\n", "\r\n\r\n"));
  const answer = await text(socket);
  const [headers = "", ...bodies] = answer.split("\r\n\r\n");
  const rest = bodies.join("\r\n\r\n");
  const isProblem = headers.toLowerCase().includes("content-type: application/problem+json");
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(headers)?.[1]), headers, body: isProblem ? JSON.parse(rest) : {}, rest };
}

const CLOSE = "connection: close";
const bearer = () => `authorization: Bearer ${ann}`;

describe("what is not a request, or not a whole one, is answered with problem details", () => {
  const long = "a".repeat(20_000);
  test.each<[string, number, string, readonly string[]]>([
    ["two hosts", 400, "invalid", ["GET /livez HTTP/1.1", "host: HOST", "host: evil.example.com", CLOSE]],
    ["the same host twice", 400, "invalid", ["GET /livez HTTP/1.1", "host: HOST", "Host: HOST", CLOSE]],
    ["no host", 400, "invalid", ["GET /livez HTTP/1.1", "x-host: none", "NOHOST", CLOSE]],
    ["an absolute target at another host", 421, "misdirected", ["GET http://evil.example.com/livez HTTP/1.1", CLOSE]],
    ["an absolute target with somebody before the host", 421, "misdirected", ["GET http://HOST@evil.example.com/livez HTTP/1.1", CLOSE]],
    ["no HTTP at all", 400, "invalid", ["hello"]],
    ["a method that there is not", 400, "invalid", ["HELLO / HTTP/1.1", CLOSE]],
    ["another version", 400, "invalid", ["GET / HTTP/9.9", CLOSE]],
    ["a header without a colon", 400, "invalid", ["GET /livez HTTP/1.1", "nonsense", CLOSE]],
    ["a space before a colon", 400, "invalid", ["GET /livez HTTP/1.1", "x-a : 1", CLOSE]],
    ["a control character in a header", 400, "invalid", ["GET /livez HTTP/1.1", "x-a: \u0001", CLOSE]],
    ["a header that goes on in the next line", 400, "invalid", ["GET /livez HTTP/1.1", "x-a: 1", " 2", CLOSE]],
    ["a length that is no number", 400, "invalid", ["POST /v1/token HTTP/1.1", "content-length: ten", CLOSE]],
    ["a length below nothing", 400, "invalid", ["POST /v1/token HTTP/1.1", "content-length: -1", CLOSE]],
    ["two lengths", 400, "invalid", ["POST /v1/token HTTP/1.1", "content-length: 1", "content-length: 2", CLOSE]],
    ["a length beside chunks", 400, "invalid", ["POST /v1/token HTTP/1.1", "content-length: 1", "transfer-encoding: chunked", CLOSE]],
    [
      "a chunk of no size",
      400,
      "invalid",
      ["POST /v1/token HTTP/1.1", "content-type: application/json", "transfer-encoding: chunked", CLOSE, "", "zz", "x"],
    ],
    ["headers that are too long", 431, "head_too_large", ["GET /livez HTTP/1.1", `x-a: ${long}`, CLOSE]],
    ["an address that is too long", 431, "head_too_large", [`GET /${long} HTTP/1.1`, CLOSE]],
    ["an expectation", 400, "invalid", ["GET /livez HTTP/1.1", "expect: a miracle", CLOSE]],
    ["a tunnel", 405, "method_not_allowed", ["CONNECT evil.example.com:443 HTTP/1.1", CLOSE]],
    ["an address that is badly encoded", 400, "invalid", ["GET /v1/personas/%zz HTTP/1.1", CLOSE]],
    ["an address that is no UTF-8", 400, "invalid", ["GET /v1/personas/%ff HTTP/1.1", CLOSE]],
    ["a trace", 405, "method_not_allowed", ["TRACE /livez HTTP/1.1", CLOSE]],
    ["the server as a whole", 404, "not_found", ["OPTIONS * HTTP/1.1", CLOSE]],
    [
      "another page's question whether it may",
      405,
      "method_not_allowed",
      ["OPTIONS /v1/me HTTP/1.1", "origin: https://evil.example.com", CLOSE],
    ],
    ["a field of the query that there is not", 400, "invalid", ["GET /v1/me?verbose=1 HTTP/1.1", "AUTH", CLOSE]],
  ])("%s: %d", async (_what, status, code, lines) => {
    const sent = lines.filter((line) => line !== "NOHOST").map((line) => line.replace("HOST", host).replace("AUTH", bearer()));
    const { headers, body, ...answer } = lines.includes("NOHOST") ? await sendWithoutHost(sent) : await send(...sent);
    expect([answer.status, body.code, body.status]).toEqual([status, code, status]);
    expect(headers).toMatch(/x-content-type-options: nosniff/i);
    expect(headers).toContain(String(body.request_id));
    if (!("problems" in body)) expect(body.remedy).not.toContain("`problems`");
  });

  async function sendWithoutHost(lines: readonly string[]) {
    const [line = "", ...others] = lines;
    return send("", [line, ...others.filter((each) => !/^x-host/.test(each)), "", ""].join("\r\n"));
  }

  test("of two on one connection each is answered alone, or the connection ends", async () => {
    const { rest, status } = await send("GET /livez HTTP/1.1", "", "garbage");
    expect(status).toBe(400);
    expect(rest).not.toMatch(/^HTTP\/1\.1 \d/m);
  });
});

describe("what is asked for by a whole URL", () => {
  test("is what its path is, whatever Host says beside it", async () => {
    for (const lines of [
      [`GET http://${host}/livez HTTP/1.1`, CLOSE],
      [`GET HTTP://${host.toUpperCase()}/livez?x HTTP/1.1`, "host: evil.example.com", CLOSE],
    ]) {
      const { status } = await send(...lines);
      expect(status).toBe(lines[0]?.includes("?x") ? 400 : 200);
    }
    expect((await send(`GET http://${host}/v1/me HTTP/1.1`, bearer(), CLOSE)).rest).toContain('"account":"ann"');
  });
});

describe("methods", () => {
  test.each([
    ["DELETE", "/v1/me", "GET, HEAD"],
    ["GET", "/v1/token", "POST"],
    ["POST", "/v1/workspaces/w/events", "GET"],
    ["PUT", "/v1/workspaces", "GET, HEAD, POST"],
    ["POST", "/livez", "GET, HEAD"],
    ["DELETE", "/", "GET, HEAD"],
  ])("%s %s is refused with those that are taken", async (method, url, allow) => {
    const { status, body, headers } = await world.ask(method, url);
    expect([status, body.code, headers.allow]).toEqual([405, "method_not_allowed", allow]);
  });

  test("HEAD answers as GET does, without the body", async () => {
    for (const url of ["/livez", "/openapi.json", "/sign-in"]) {
      const [head, get] = [await world.ask("HEAD", url), await world.ask("GET", url)];
      expect([head.status, head.text, head.headers["content-type"]]).toEqual([200, "", get.headers["content-type"]]);
    }
    expect((await world.ask("HEAD", "/v1/me")).status).toBe(401);
    expect((await world.ask("HEAD", "/v1/nothing")).status).toBe(404);
  });
});

describe("an id of any length", () => {
  const lengths = [1, 100, 101, 200, 201, 1000, 12_000];
  test.each(["/v1/personas/:id", "/v1/workspaces/:id", "/v1/workspaces/:id/launches", "/v1/homes/:id/export"])(
    "%s is absent in the same words",
    async (url) => {
      const answers = await Promise.all(
        lengths.map(async (length) => {
          const { body, status } = await world.ask("GET", url.replace(":id", "a".repeat(length)), { token: ann });
          return { status, ...body, request_id: "" };
        }),
      );
      expect(answers[0]).toMatchObject({ status: 404, code: "not_found" });
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    },
  );

  test("of nobody signed in is not looked for", async () => {
    for (const length of lengths) expect((await world.ask("GET", `/v1/personas/${"a".repeat(length)}`)).status).toBe(401);
  });
});

describe("bodies", () => {
  const post = (payload: string | undefined, type: string | undefined, url = "/v1/token", token = ann) =>
    world.broker.app
      .inject({
        method: "POST",
        url,
        headers: { host, authorization: `Bearer ${token}`, ...(type === undefined ? {} : { "content-type": type }) },
        ...(payload === undefined ? {} : { payload }),
      })
      .then((answer) => ({ status: answer.statusCode, body: answer.json() }));

  test.each([
    ["text/xml", "{}"],
    ["text/plain", "{}"],
    ["application/x-www-form-urlencoded", "grant_type=sign_in_code"],
    ["multipart/form-data; boundary=x", "--x--"],
    ["nonsense", "{}"],
  ])("of %s are refused with the media type that is taken", async (type, payload) => {
    const { status, body } = await post(payload, type);
    expect([status, body.code, body.problems]).toEqual([415, "unsupported_media_type", undefined]);
    expect(body.detail).toContain("The address takes application/json.");
    expect(body.remedy).toContain("Content-Type");
  });

  test.each([
    ["nothing", "", "missing"],
    ["half of one", "{", "syntax"],
    ["a forged prototype", '{"__proto__": {"a": 1}}', "syntax"],
    ["a list", "[]", "wrong_type"],
  ])("%s is refused with its place", async (_what, payload, code) => {
    const { status, body } = await post(payload, "application/json");
    expect([status, body.code]).toEqual([400, "invalid"]);
    expect(body.problems).toMatchObject([{ path: "$", code }]);
  });

  test("where none is taken, none is read", async () => {
    const { status, body } = await post("<a/>", "text/xml", "/v1/accounts/ann/sign-in-code", await world.account("olga", ["operator"]));
    expect([status, body.detail]).toEqual([415, expect.stringContaining("takes no body")]);
  });
});

test.each<[string, unknown, readonly unknown[]]>([
  [
    "without a grant",
    {},
    [{ path: "$.grant_type", code: "missing", message: "is missing; it is one of sign_in_code, sign_in, device_code" }],
  ],
  ["of another grant", { grant_type: "sign_in_cod" }, [{ path: "$.grant_type", code: "wrong_value", suggestion: "sign_in_code" }]],
  ["without its code", { grant_type: "sign_in_code" }, [{ path: "$.code", code: "missing" }]],
  [
    "with the other's field",
    { grant_type: "sign_in_code", sign_in: "x" },
    [{ path: "$.code" }, { path: "$.sign_in", code: "unknown_field" }],
  ],
  ["with a list as sign-in", { grant_type: "sign_in", sign_in: [] }, [{ path: "$.sign_in", code: "wrong_type" }]],
])("a request for a token %s is told its field and what it may be", async (_what, body, problems) => {
  const answer = await world.ask("POST", "/v1/token", { body });
  expect([answer.status, answer.body.code]).toEqual([400, "invalid"]);
  expect(answer.body.problems).toMatchObject(problems);
});

test("a value of several types is told which", async () => {
  const { body } = await world.ask("POST", "/v1/workspaces", {
    token: ann,
    key: "k",
    body: { persona_id: "tester", parameters: { region: [] } },
  });
  expect(body.problems).toMatchObject([
    { path: "$.parameters.region", code: "wrong_type", message: "is none of these: string, number, boolean" },
  ]);
});
