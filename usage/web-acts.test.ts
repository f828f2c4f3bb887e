import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeenPaths } from "./seen-paths.ts";
import { WebActs } from "./web-acts.ts";

function request(line: string, headers: Readonly<Record<string, string>> = {}, body = ""): Buffer {
  const fields = Object.entries({ host: "jupyterlab.localhost", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${line} HTTP/1.1\r\n${fields.join("")}\r\n${body}`);
}

/** As a browser sends it: masked. */
function frame(opcode: number, payload: Buffer | string, { fin = true } = {}): Buffer {
  const bytes = Buffer.from(payload);
  const mask = randomBytes(4);
  const length =
    bytes.length < 126
      ? Buffer.from([0x80 | bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([0x80 | 126, bytes.length >> 8, bytes.length & 255])
        : Buffer.concat([Buffer.from([0x80 | 127, 0, 0, 0, 0]), uint32(bytes.length)]);
  const masked = bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode]), length, mask, masked]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const UPGRADE = request("GET /api/kernels/1/channels?session_id=2", { connection: "Upgrade", upgrade: "websocket" });
const PAGE = ["/lab", "/api/kernels", "/api/terminals", "/api/contents", "/api/metrics/v1", "/api/kernels/1/channels"];

const LAYOUT = request("PUT /lab/api/workspaces/default?1", { "content-length": "10" }, '{"data":1}');
const LAYOUT_IN_CHUNKS = [
  request("PUT /lab/api/workspaces/other?2", { "transfer-encoding": "chunked" }),
  Buffer.from('a\r\n{"data":2}\r\n'),
  Buffer.from("0\r\n\r\n"),
];

/** One connection of a page that was opened before, and put its layout. */
function opened(): WebActs {
  const paths = new SeenPaths();
  for (const path of PAGE) paths.isNew(path);
  const acts = new WebActs(paths);
  for (const bytes of [LAYOUT, ...LAYOUT_IN_CHUNKS]) acts.take(bytes);
  return acts;
}

describe("a page that only looks again is nobody", () => {
  test.each<[string, readonly Buffer[]]>([
    ["JupyterLab's kernels", [request("GET /api/kernels?1700000000001"), request("GET /api/kernels?1700000000002")]],
    [
      "its terminals, files and metrics",
      [request("GET /api/terminals"), request("GET /api/contents?content=1"), request("HEAD /api/metrics/v1")],
    ],
    ["its layout, put every ten seconds", [LAYOUT, LAYOUT, LAYOUT]],
    ["the same in chunks", [...LAYOUT_IN_CHUNKS, ...LAYOUT_IN_CHUNKS]],
    ["a preflight", [request("OPTIONS /api/new-place")]],
    ["its WebSocket, with pings and pongs", [UPGRADE, frame(0x9, "ping"), frame(0xa, ""), frame(0xa, "pong")]],
    ["Engine.IO's heartbeat, over its WebSocket", [UPGRADE, frame(0x1, "3"), frame(0x1, "3")]],
    ["the same by POST", [request("POST /api/kernels", { "content-length": "1" }, "3")]],
    ["the close of a WebSocket", [UPGRADE, frame(0x8, Buffer.from([3, 232]))]],
    ["an empty line before a request", [Buffer.from("\r\n"), request("GET /lab")]],
  ])("%s", (_what, sent) => {
    const acts = opened();
    expect(sent.map((bytes) => acts.take(bytes))).toEqual(sent.map(() => false));
  });
});

describe("a person acts", () => {
  test.each<[string, readonly Buffer[], readonly boolean[]]>([
    ["saves", [request("PUT /api/contents/a.ipynb", { "content-length": "2" }, "{}")], [true]],
    ["runs a cell", [UPGRADE, frame(0x1, '{"header":{"msg_type":"execute_request"}}')], [false, true]],
    ["sends a long message", [UPGRADE, frame(0x2, Buffer.alloc(70_000)), frame(0xa, "")], [false, true, false]],
    ["sends one in pieces", [UPGRADE, frame(0x1, "ab", { fin: false }), frame(0x0, "cd")], [false, true, true]],
    ["moves a panel", [LAYOUT, request("PUT /lab/api/workspaces/default", { "content-length": "10" }, '{"data":3}')], [false, true]],
    ["puts nothing where something was", [request("PUT /api/settings", { "content-length": "0" })], [true]],
    [
      "puts what is too long to be compared",
      [request("PUT /lab", { "content-length": "100000" }), Buffer.alloc(50_000), Buffer.alloc(50_000), request("GET /lab")],
      [true, true, true, false],
    ],
    ["interrupts a kernel", [request("POST /api/kernels/1/interrupt", { "content-length": "0" })], [true]],
    [
      "opens a folder for the first time, and sees it again",
      [request("GET /api/contents/new"), request("GET /api/contents/new")],
      [true, false],
    ],
    ["loads the page anew", [request("GET /lab", { "sec-fetch-user": "?1", "sec-fetch-mode": "navigate" })], [true]],
    [
      "uploads in chunks",
      [
        request("PUT /api/contents", { "transfer-encoding": "chunked" }),
        Buffer.from("5\r\nhello\r\n"),
        Buffer.from("0\r\n\r\n"),
        request("GET /lab"),
      ],
      [false, false, true, false],
    ],
    ["is refused the WebSocket and looks on", [UPGRADE, request("GET /lab"), request("DELETE /api/terminals/1")], [false, false, true]],
  ])("%s", (_what, sent, found) => {
    const acts = opened();
    expect(sent.map((bytes) => acts.take(bytes))).toEqual(found);
  });

  test("what is not HTTP/1 is use with every byte: nobody can tell", () => {
    for (const bytes of [Buffer.from("PRI * HTTP/2.0\r\n\r\n"), Buffer.from("\u0016\u0003\u0001\r\n\r\n"), Buffer.alloc(40_000, "x")]) {
      const acts = opened();
      expect([acts.take(bytes), acts.take(Buffer.from("more"))]).toEqual([true, true]);
    }
    const wrong = opened();
    expect(wrong.take(request("GET /lab", { "content-length": "many" }))).toBe(true);
    const unmasked = opened();
    unmasked.take(UPGRADE);
    unmasked.take(frame(0xa, ""));
    expect(unmasked.take(Buffer.from([0x8a, 0x00]))).toBe(true);
  });

  test("a page that makes up a path for each look counts for a while, not for ever", () => {
    const acts = new WebActs(new SeenPaths());
    const looks = Array.from({ length: 3000 }, (_, number) => acts.take(request(`GET /poll/${number}`)));
    expect([looks[0], looks.at(-1)]).toEqual([true, false]);
  });
});

test("however the network cuts what is sent, the same is found", () => {
  const looks = [
    request("GET /lab"),
    request("GET /api/kernels", { "content-length": "3" }, "abc"),
    UPGRADE,
    frame(0xa, "x"),
    frame(0x1, "3"),
  ];
  const act = frame(0x1, "typed");
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(sizes, fc.boolean(), (cuts, types) => {
      const acts = opened();
      const sent = Buffer.concat(types ? [...looks, act, frame(0xa, "")] : looks);
      let found = false;
      for (let at = 0, turn = 0; at < sent.length; turn++) {
        const size = cuts[turn % cuts.length] ?? 1;
        found = acts.take(sent.subarray(at, at + size)) || found;
        at += size;
      }
      expect(found).toBe(types);
    }),
  );
});
