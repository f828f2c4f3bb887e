import { createHash } from "node:crypto";
import type { UploadView } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeBroker, json } from "../testing/fake-broker.ts";
import { quickTiming } from "../testing/quick-timing.ts";
import { problem } from "../testing/views.ts";
import { PersonaAgent, type UploadOptions, type WorkspaceFiles } from "./index.ts";
import { PIECE } from "./send-pieces.ts";

const BYTES = 2 * PIECE + 1000;
const content = Buffer.alloc(BYTES, "Guise ");
let broker: FakeBroker;
let files: WorkspaceFiles;
let address: string;
let held: UploadView;
let came: Buffer;

beforeEach(async () => {
  broker = await FakeBroker.start();
  const agent = await PersonaAgent.connect({ broker: broker.url, token: "t", timing: quickTiming, patience: 0 });
  broker.move("w-1", { state: "ready" });
  files = (await agent.workspaceById("w-1")).files;
  address = "/v1/workspaces/w-1/uploads/upload-1";
  came = Buffer.alloc(0);
  held = { upload_id: "upload-1", path: "a", bytes: BYTES, offset: 0, complete: false, expires_at: "" };
  broker.handlers.set("POST /v1/workspaces/w-1/uploads", (_, response) => json(response, 201, held));
  broker.handlers.set(`GET ${address}`, (_, response) => json(response, 200, held));
  broker.handlers.set(`DELETE ${address}`, (_, response) => json(response, 204, undefined));
  broker.handlers.set(`PATCH ${address}`, (seen, response) => {
    const piece = Buffer.from(seen.body, "latin1");
    if (Number(seen.headers["upload-offset"]) !== held.offset) return problem(response, "offset_differs", "elsewhere");
    const digest = `sha-256=:${createHash("sha256").update(piece).digest("base64")}:`;
    if (seen.headers["content-digest"] !== digest) return problem(response, "digest_differs", "wrong");
    came = Buffer.concat([came, piece]);
    held = { ...held, offset: came.length, complete: seen.headers["upload-complete"] === "?1" };
    json(response, 204, undefined);
  });
});
afterEach(() => broker[Symbol.asyncDispose]());

const sends = (options: UploadOptions = {}) => files.upload("a", new Blob([content]), options);
const pieces = () => broker.seen.filter(({ method }) => method === "PATCH").map(({ headers }) => Number(headers["upload-offset"]));

test("a content goes in pieces, each with its digest, and what is known of it goes at the end", async () => {
  const progress: number[] = [];
  await sends({ progress: (bytes) => progress.push(bytes) });
  expect(came.equals(content)).toBe(true);
  expect(pieces()).toEqual([0, PIECE, 2 * PIECE]);
  expect(progress).toEqual([0, PIECE, 2 * PIECE, BYTES]);
  expect(broker.seen.at(-1)).toMatchObject({ method: "DELETE", path: address });
});

test("over lost requests and lost answers it goes on from where it stands, and sends nothing twice that was confirmed", async () => {
  broker.losses.push({ route: `PATCH ${address}`, when: "before" }, { route: `PATCH ${address}`, when: "after" });
  const waiting: (string | undefined)[] = [];
  await sends({ waiting: (since) => waiting.push(since?.code) });
  expect(came.equals(content)).toBe(true);
  expect(pieces()).toEqual([0, 0, PIECE, 2 * PIECE]);
  expect(waiting).toContain("unreachable");
  expect(waiting.at(-1)).toBeUndefined();
});

test("when only the answer to the last piece was lost, it is done", async () => {
  held = { ...held, offset: 2 * PIECE };
  came = content.subarray(0, 2 * PIECE);
  broker.losses.push({ route: `PATCH ${address}`, when: "after" });
  await sends({ upload_id: "upload-1" });
  expect(came.equals(content)).toBe(true);
  expect(pieces()).toEqual([2 * PIECE]);
});

test("it goes on with what was begun before, and begins anew where that is gone", async () => {
  held = { ...held, offset: PIECE };
  came = content.subarray(0, PIECE);
  await sends({ upload_id: "upload-1" });
  expect(pieces()).toEqual([PIECE, 2 * PIECE]);
  broker.seen.length = 0;
  held = { ...held, offset: 0, complete: false };
  came = Buffer.alloc(0);
  await sends({ upload_id: "upload-gone" });
  expect(pieces()).toEqual([0, PIECE, 2 * PIECE]);
});

test("a piece that arrived wrong is sent again; one that always does fails", async () => {
  const usual = broker.handlers.get(`PATCH ${address}`);
  let wrong = 1;
  broker.handlers.set(`PATCH ${address}`, (seen, response) =>
    wrong-- > 0 ? problem(response, "digest_differs", "wrong") : usual?.(seen, response),
  );
  await sends();
  expect(came.equals(content)).toBe(true);
  wrong = 1000;
  held = { ...held, offset: 0, complete: false };
  await expect(sends()).rejects.toMatchObject({ code: "digest_differs" });
});

test("behind a proxy with a bound of its own the pieces become smaller", async () => {
  const usual = broker.handlers.get(`PATCH ${address}`);
  broker.handlers.set(`PATCH ${address}`, (seen, response) =>
    seen.body.length > 2 ** 20 ? json(response, 413, "<html>") : usual?.(seen, response),
  );
  await sends();
  expect(came.equals(content)).toBe(true);
});

test("what does not pass is told at once: a full disk, a paused workspace, a name that is taken", async () => {
  for (const code of ["storage_full", "file_exists", "closed_by_persona"] as const) {
    broker.handlers.set(`PATCH ${address}`, (_, response) => problem(response, code, "no"));
    await expect(sends()).rejects.toMatchObject({ code });
  }
  broker.handlers.set(`PATCH ${address}`, (_, response) => problem(response, "workspace_not_ready", "no", { state: "suspended" }));
  await expect(sends()).rejects.toMatchObject({ code: "workspace_not_ready" });
});

test("it is stopped while it waits", async () => {
  const stop = new AbortController();
  for (let count = 0; count < 50; count++) broker.losses.push({ route: `PATCH ${address}`, when: "before" });
  await expect(sends({ signal: stop.signal, waiting: () => stop.abort() })).rejects.toMatchObject({ code: "aborted" });
});
