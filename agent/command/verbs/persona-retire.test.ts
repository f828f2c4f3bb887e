import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeBroker, json } from "../../testing/fake-broker.ts";
import { fakeTerminal } from "../../testing/terminal.ts";
import { problem, workspaceView } from "../../testing/views.ts";
import { writeCredentials } from "../credentials.ts";
import { runGuise } from "../program.ts";

const ID = "w-aaaaaaaaaaaaaaaaaaaa";
let broker: FakeBroker;
let home: string;

beforeEach(async () => {
  broker = await FakeBroker.start();
  home = await mkdtemp(join(tmpdir(), "guise-retire-"));
  await writeCredentials(join(home, "credentials.json"), { broker: broker.url, sign_in: "s" });
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

async function guise(...args: string[]) {
  const terminal = fakeTerminal({ credentialsPath: join(home, "credentials.json"), cwd: home });
  const code = await runGuise(args, terminal.context);
  return { code, out: terminal.out(), err: terminal.err() };
}

test("a persona is retired, taken back and removed; what is left of it is named", async () => {
  broker.handlers.set("POST /v1/personas/tester/retire", ({ body }, response) => {
    const { retired } = JSON.parse(body);
    json(response, 200, { versions: [{ version: 3, latest: !retired }] });
  });
  const retired = await guise("persona", "retire", "tester");
  expect([retired.out, retired.err]).toEqual(["tester is retired\n", "Take it back: guise persona retire tester --back\n"]);
  expect((await guise("persona", "retire", "tester", "--back")).out).toBe("a request for tester gets version 3 again\n");
  broker.handlers.set("DELETE /v1/personas/tester", (_, response) =>
    problem(response, "persona_in_use", `Of tester there is 1 workspace: ${ID}.`),
  );
  const left = await guise("persona", "remove", "tester");
  expect(left.code).not.toBe(0);
  expect(left.err).toContain(ID);
  broker.handlers.set("DELETE /v1/personas/tester", (_, response) => void response.writeHead(204).end());
  expect((await guise("persona", "remove", "tester")).out).toBe("tester is removed\n");
});

test("who holds one is told that its persona is retired", async () => {
  broker.workspaces.set(ID, workspaceView({ workspace_id: ID, state: "ready", retired: true }));
  expect((await guise("why", "data-analyst")).out).toContain("nobody can request its persona any more");
});
