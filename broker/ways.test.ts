import { CLOSED_WAYS, PIECE_TYPE, type TransferWay } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

const CLOSED = "closed_by_persona";

let world: World;
let ann: string;
beforeEach(async () => {
  world = await openWorld();
  ann = await world.account("ann", ["user"], ["analytics"]);
});
afterEach(() => world.close());

/** A ready workspace of a persona with these limits. */
async function held(limits: Readonly<Record<string, string>>): Promise<string> {
  await world.usable({ access_controls: { groups: ["analytics"], ...limits } });
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  await world.makeReady(String(body.workspace_id));
  return String(body.workspace_id);
}

/** The codes that the ways answer with; "open": it is none of the persona's business. */
async function answers(id: string): Promise<Readonly<Partial<Record<TransferWay, string>>>> {
  const url = `/v1/workspaces/${id}`;
  const octets = { "content-type": "application/octet-stream" };
  const asked = {
    files_out: await world.ask("GET", `${url}/files?path=x`, { token: ann }),
    files_in: await world.ask("PUT", `${url}/files?path=x`, { token: ann, body: Buffer.from("x"), headers: octets }),
    streams: await world.ask("POST", `${url}/ports/5173/tickets`, { token: ann, body: { challenge: "a".repeat(43) } }),
  };
  const upload = await world.ask("POST", `${url}/uploads`, { token: ann, body: { path: "y", bytes: 1 } });
  const piece = await world.ask("PATCH", `${url}/uploads/upload-x`, {
    token: ann,
    body: Buffer.from("x"),
    headers: { "content-type": PIECE_TYPE },
  });
  const zip = await world.ask("GET", `${url}/files/zip?path=~/&name=x&name=y`, { token: ann });
  expect(zip.body.code === CLOSED).toBe(asked.files_out.body.code === CLOSED);
  const digest = await world.ask("GET", `${url}/files/digest?path=x`, { token: ann });
  expect(digest.body.code === CLOSED).toBe(asked.files_out.body.code === CLOSED);
  const isClosed = asked.files_in.body.code === CLOSED;
  expect([upload.body.code === CLOSED, piece.body.code === CLOSED]).toEqual([isClosed, isClosed]);
  return Object.fromEntries(Object.entries(asked).map(([way, { body, status }]) => [way, status < 400 ? "open" : String(body.code)]));
}

test.each([
  [{ clipboard: "both" }, { files_out: "open", files_in: "open", streams: "open" }],
  [{ file_transfer: "in" }, { files_out: CLOSED, files_in: "open", streams: CLOSED }],
  [{ file_transfer: "out" }, { files_out: "open", files_in: CLOSED, streams: CLOSED }],
  [{ clipboard: "none" }, { files_out: CLOSED, files_in: CLOSED, streams: CLOSED }],
] as const)("a persona with %o", async (limits, expected) => {
  const id = await held(limits);
  expect(await answers(id)).toEqual(expected);
});

test("what is closed is told with the workspace, its ports are nobody's, and its files can still be named", async () => {
  const id = await held({ clipboard: "none", file_transfer: "none" });
  const { body } = await world.ask("GET", `/v1/workspaces/${id}`, { token: ann });
  expect(body.closed_ways).toEqual(Object.keys(CLOSED_WAYS));
  expect((await world.ask("GET", `/v1/workspaces/${id}/ports`, { token: ann })).body.items).toEqual([]);
  expect((await world.ask("GET", `/v1/workspaces/${id}/files/stat?path=x`, { token: ann })).status).toBe(200);
});

test("every stream of bytes into a workspace or out of it has a way that can be closed, or is one that is read", () => {
  const streams = world.routes.filter(({ stream, target }) => stream === true && target === "workspace");
  const open = streams.filter(({ way }) => way === undefined).map(({ id }) => id);
  // A terminal alone, which is filtered, and a display, both sides of which are read; what happens there is no content.
  expect(open.sort()).toEqual(["exec", "launch_screen", "launch_terminal", "workspace_events"]);
});
