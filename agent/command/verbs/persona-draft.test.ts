import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommandHome } from "../../testing/command-home.ts";
import { type FakeBroker, json } from "../../testing/fake-broker.ts";
import { problem, receipt, workspaceView } from "../../testing/views.ts";

const ID = "w-aaaaaaaaaaaaaaaaaaaa";
const HELD = "w-bbbbbbbbbbbbbbbbbbbb";
const DRAFT = { persona_id: "tester", version: 5, state: "building", draft: true, latest: false };
let command: CommandHome;
let broker: FakeBroker;
let home: string;

beforeEach(async () => {
  command = await CommandHome.start();
  broker = command.broker;
  home = command.folder;
  await writeFile(join(home, "tester.json"), "{}");
  broker.handlers.set("POST /v1/personas", (_, response) => json(response, 201, DRAFT));
  broker.handlers.set("GET /v1/personas/tester", (_, response) => json(response, 200, { versions: [DRAFT, { version: 4, latest: true }] }));
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
});

const guise = (...args: string[]) => command.guise(...args);

const sentTo = (path: string) =>
  broker.seen.filter((seen) => seen.method === "POST" && seen.path === path).map(({ body }) => JSON.parse(body));

/** The workspace of the draft, ready at once. */
function givesReady() {
  const view = workspaceView({ workspace_id: ID, state: "ready", version: 5, name: "draft" });
  broker.workspaces.set(ID, view);
  broker.handlers.set("POST /v1/workspaces", (_, response) => json(response, 200, view));
}

test("persona try stores a draft and requests just that", async () => {
  givesReady();
  const { code, out, err } = await guise("persona", "try", "tester.json", "--group", "makers", "--no-launch");
  expect([code, out]).toEqual([0, `${ID}\n`]);
  expect(err).toContain("draft 5 of tester is yours alone");
  expect(err).toContain("guise persona publish-draft tester");
  expect(sentTo("/v1/personas")).toEqual([{ document: "{}", owner_group: "makers", draft: true }]);
  expect(sentTo("/v1/workspaces")).toEqual([{ persona_id: "tester", version: 5 }]);
});

test("a draft that cannot be built says where its log is", async () => {
  broker.handlers.set("POST /v1/workspaces", (_, response) =>
    problem(response, "persona_not_usable", "Draft 5 of the persona could not be built.", { state: "build_failed" }),
  );
  const { code, err } = await guise("persona", "try", "tester.json");
  expect(code).not.toBe(0);
  expect(err).toContain("guise persona show tester 5 --log");
});

test("what is held of an earlier draft is told, and given back only where that is wanted", async () => {
  const conflict = () =>
    broker.handlers.set("POST /v1/workspaces", (_, response) => problem(response, "conflict", "…", { workspace_id: HELD, version: 3 }));
  broker.workspaces.set(HELD, workspaceView({ workspace_id: HELD, state: "ready", version: 3, name: "draft" }));
  broker.handlers.set(`POST /v1/workspaces/${HELD}/release`, (_, response) => {
    json(response, 202, broker.workspaces.get(HELD));
    broker.move(HELD, { state: "released", receipt: receipt(HELD) });
    givesReady();
  });
  conflict();
  const told = await guise("persona", "try", "tester.json", "--no-launch");
  expect(told.code).not.toBe(0);
  expect(told.err).toContain(HELD);
  expect(told.err).toContain("--replace");
  expect(sentTo(`/v1/workspaces/${HELD}/release`)).toEqual([]);
  const replaced = await guise("persona", "try", "tester.json", "--no-launch", "--replace");
  expect([replaced.code, replaced.out]).toEqual([0, `${ID}\n`]);
  expect(sentTo(`/v1/workspaces/${HELD}/release`)).toEqual([{ with_home: true }]);
});

test("one's draft is found by itself, to be published or discarded", async () => {
  broker.handlers.set("POST /v1/personas/tester/versions/5/publish", (_, response) => json(response, 200, { ...DRAFT, state: "usable" }));
  broker.handlers.set("DELETE /v1/personas/tester/versions/5", (_, response) => void response.writeHead(204).end());
  expect((await guise("persona", "publish-draft", "tester")).out).toBe("a request for tester now gets version 5\n");
  broker.handlers.set("POST /v1/personas/tester/versions/5/publish", (_, response) => json(response, 200, { ...DRAFT, state: "building" }));
  expect((await guise("persona", "publish-draft", "tester", "5")).out).toBe(
    "a request for tester gets version 5 as soon as its checks passed\n",
  );
  expect((await guise("persona", "discard-draft", "tester")).out).toBe("draft 5 of tester is discarded\n");
  broker.handlers.set("GET /v1/personas/tester", (_, response) => json(response, 200, { versions: [{ version: 4, latest: true }] }));
  expect((await guise("persona", "discard-draft", "tester")).err).toContain("You have no draft of tester.");
});

test("persona publish --draft stores one alone", async () => {
  expect((await guise("persona", "publish", "tester.json", "--draft")).out).toBe("tester draft 5 is building\n");
  expect(sentTo("/v1/personas")).toEqual([{ document: "{}", draft: true }]);
});
