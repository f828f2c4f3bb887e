import { createHash } from "node:crypto";
import { MOST_PIECE } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let ann: string;
let uploads: string;
beforeEach(async () => {
  world = await openWorld();
  ann = await world.account("ann", ["user"], ["analytics"]);
  await world.usable();
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  await world.makeReady(String(body.workspace_id));
  uploads = `/v1/workspaces/${body.workspace_id}/uploads`;
});
afterEach(() => world.close());

async function begun(body: object = { path: "a.bin", bytes: 6 }, headers = {}) {
  const answer = await world.ask("POST", uploads, { token: ann, body, headers });
  return { ...answer, address: String(answer.headers.location) };
}

function digestOf(text: string): string {
  return `sha-256=:${createHash("sha256").update(text).digest("base64")}:`;
}

function piece(address: string, text: string, headers: Readonly<Record<string, string>>) {
  const all = {
    "content-type": "application/partial-upload",
    "upload-complete": "?0",
    "content-digest": digestOf(text),
    "content-length": String(text.length),
    ...headers,
  };
  return world.ask("PATCH", address, { token: ann, body: Buffer.from(text), headers: all });
}

test("a file comes in pieces at the address that its beginning names, and what is known of it is told", async () => {
  const modified = "2026-01-02T03:04:05.000Z";
  const { status, body, headers, address } = await begun({ path: "a.bin", bytes: 6, modified });
  expect(status).toBe(201);
  expect(body).toMatchObject({ path: "a.bin", bytes: 6, offset: 0, complete: false, modified, expires_at: "1970-01-08T00:00:00.000Z" });
  expect(headers["upload-limit"]).toBe(`max-append-size=${MOST_PIECE}`);
  expect(address).toBe(`${uploads}/${body.upload_id}`);
  expect(await piece(address, "abc", { "upload-offset": "0" })).toMatchObject({ status: 204, headers: { "upload-offset": "3" } });
  const head = await world.ask("HEAD", address, { token: ann });
  expect(head).toMatchObject({ status: 200, headers: { "upload-offset": "3", "upload-length": "6", "upload-complete": "?0" } });
  expect((await world.ask("GET", uploads, { token: ann })).body).toMatchObject({ items: [{ offset: 3 }] });
  const last = await piece(address, "def", { "upload-offset": "3", "upload-complete": "?1", "if-none-match": "*" });
  expect(last).toMatchObject({ status: 204, headers: { "upload-complete": "?1" } });
  expect(world.files.get("a.bin")?.toString()).toBe("abcdef");
  expect((await world.ask("DELETE", address, { token: ann })).status).toBe(204);
  expect((await world.ask("GET", address, { token: ann })).body.code).toBe("not_found");
});

test("a name that was taken meanwhile costs nothing: an empty last piece gives another", async () => {
  const { address } = await begun({ path: "a.bin", bytes: 3 }, { "if-none-match": "*" });
  world.files.set("a.bin", Buffer.from("theirs"));
  const ending = { "upload-offset": "0", "upload-complete": "?1", "if-none-match": "*" };
  expect((await piece(address, "abc", ending)).body.code).toBe("file_exists");
  const named = await piece(`${address}?path=b.bin`, "", { ...ending, "upload-offset": "3" });
  expect(named.status).toBe(204);
  expect(world.files.get("b.bin")?.toString()).toBe("abc");
});

test.each([
  [{ "upload-offset": "" }, "invalid"],
  [{ "upload-offset": "-1" }, "invalid"],
  [{ "upload-offset": "1e3" }, "invalid"],
  [{ "upload-offset": "0", "upload-complete": "yes" }, "invalid"],
  [{ "upload-offset": "0", "content-digest": "" }, "invalid"],
  [{ "upload-offset": "0", "content-digest": "md5=:AAAA:" }, "invalid"],
  [{ "upload-offset": "0", "content-type": "application/octet-stream" }, "unsupported_media_type"],
  [{ "upload-offset": "2" }, "offset_differs"],
  [{ "upload-offset": "0", "if-none-match": '"a"' }, "invalid"],
] as const)("a piece with %o is refused: %s", async (headers, code) => {
  const { address } = await begun();
  expect((await piece(address, "abc", headers)).body.code).toBe(code);
});

test("a piece that is larger than is taken is refused before it is read", async () => {
  const { address } = await begun();
  const answer = await piece(address, "abc", { "upload-offset": "0", "content-length": String(MOST_PIECE + 1) }).catch(() => undefined);
  expect(answer?.status ?? 413).toBe(413);
  expect((await world.ask("GET", address, { token: ann })).body.offset).toBe(0);
});

test("sizes that are none, hidden names and other people's uploads are refused", async () => {
  for (const body of [{ path: "a", bytes: -1 }, { path: "a", bytes: 1.5 }, { path: "a\u202eb", bytes: 1 }, { path: "a" }])
    expect((await world.ask("POST", uploads, { token: ann, body })).body.code).toBe("invalid");
  const { address } = await begun();
  const bob = await world.account("bob", ["user"], ["analytics"]);
  expect((await world.ask("GET", address, { token: bob })).body.code).toBe("not_found");
  expect((await world.ask("GET", `${uploads}/..%2f..`, { token: ann })).body.code).toBe("not_found");
});
