import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_CODES, STREAM } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeBroker, json } from "../../testing/fake-broker.ts";
import { fakeTerminal } from "../../testing/terminal.ts";
import { receipt, workspaceView } from "../../testing/views.ts";
import { writeCredentials } from "../credentials.ts";
import { runGuise } from "../program.ts";

const ID = "w-aaaaaaaaaaaaaaaaaaaa";
const CHECKS = [
  { run: "answer", expect: { stdout: "42" } },
  { run: "hang", expect: {}, within: "1s" },
  { run: "fail", expect: {} },
];
let broker: FakeBroker;
let home: string;
let released: unknown[];

beforeEach(async () => {
  broker = await FakeBroker.start();
  home = await mkdtemp(join(tmpdir(), "guise-test-"));
  await writeCredentials(join(home, "credentials.json"), { broker: broker.url, sign_in: "s" });
  await writeFile(join(home, "tester.json"), "{}");
  released = [];
  const draft = { persona_id: "tester", version: 5, state: "usable", draft: true };
  broker.handlers.set("POST /v1/personas", (_, response) => json(response, 201, draft));
  broker.handlers.set(`POST /v1/workspaces/${ID}/release`, ({ body }, response) => {
    released.push(JSON.parse(body));
    json(response, 202, broker.workspaces.get(ID));
    broker.move(ID, { state: "released", receipt: receipt(ID) });
  });
  broker.handlers.set("POST /v1/workspaces", (seen, response) => {
    const { name } = JSON.parse(seen.body);
    broker.workspaces.set(ID, workspaceView({ workspace_id: ID, state: "ready", version: 5, name }));
    json(response, 202, broker.workspaces.get(ID));
  });
  broker.onSocket = (socket) =>
    socket.on("message", (data, isBinary) => {
      const message = isBinary ? {} : JSON.parse(String(data));
      if (message.kind !== "start") return;
      const run = message.command[2];
      if (run === "drop") return socket.terminate();
      socket.send('{"kind":"started"}');
      if (run === "hang") return;
      socket.send(Buffer.concat([Buffer.from([STREAM.stdout]), Buffer.from("42\n")]));
      socket.send(JSON.stringify({ kind: "exit", exit: run === "fail" ? 1 : 0 }));
    });
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

function checks(list: readonly object[], version: number | "latest" = 5) {
  const detail = { persona_id: "tester", version: 5, default_environment: "production", definition: { checks: list } };
  broker.handlers.set(`GET /v1/personas/tester/versions/${version}`, (_, response) => json(response, 200, detail));
}

async function guise(...args: string[]) {
  const terminal = fakeTerminal({ credentialsPath: join(home, "credentials.json"), cwd: home });
  const code = await runGuise(args, terminal.context);
  return { code, out: terminal.out(), err: terminal.err() };
}

const sentTo = (path: string) =>
  broker.seen.filter((seen) => seen.method === "POST" && seen.path === path).map(({ body }) => JSON.parse(body));

test("a file becomes a draft whose checks run in a workspace of its own, each with what was expected and seen; it is given back", async () => {
  checks(CHECKS);
  const { code, out, err } = await guise("persona", "test", "tester.json");
  expect([code, out]).toEqual([EXIT_CODES.failed, "1 passed, 2 failed\n"]);
  expect(err).toMatch(/pass answer \(/);
  expect(err).toContain("fail hang: it did not end within 1 s\n");
  expect(err).toContain("fail fail: expected exit 0, seen 1: 42\n");
  expect(sentTo("/v1/personas")).toEqual([{ document: "{}", draft: true }]);
  expect(sentTo("/v1/workspaces")).toMatchObject([{ persona_id: "tester", version: 5, name: expect.stringMatching(/^test-/) }]);
  expect(released).toEqual([{ with_home: true }]);
});

test("a persona's own are run as everybody gets it; all that pass end with 0", async () => {
  checks(CHECKS.slice(0, 1), "latest");
  const { code, out } = await guise("persona", "test", "tester", "--json");
  expect([code, JSON.parse(out)]).toMatchObject([
    0,
    { persona_id: "tester", environment: "production", results: [{ check: { run: "answer" } }] },
  ]);
  expect(sentTo("/v1/personas")).toEqual([]);
  expect(sentTo("/v1/workspaces")[0]).not.toHaveProperty("version");
  expect(released).toHaveLength(1);
});

test("where a check cannot be run the workspace is given back all the same", async () => {
  checks([{ run: "drop", expect: {} }]);
  const { code } = await guise("persona", "test", "tester.json");
  expect(code).not.toBe(0);
  expect(released).toHaveLength(1);
});

test("what has no checks requests nothing, and says so", async () => {
  checks([], "latest");
  const { code, err } = await guise("persona", "test", "tester");
  expect([code, err]).toEqual([0, "tester has no checks in the environment production\n"]);
  expect(sentTo("/v1/workspaces")).toEqual([]);
});
