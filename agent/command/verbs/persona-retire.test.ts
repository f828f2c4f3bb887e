import { afterEach, beforeEach, expect, test } from "vitest";
import { CommandHome } from "../../testing/command-home.ts";
import { type FakeBroker, json } from "../../testing/fake-broker.ts";
import { problem, workspaceView } from "../../testing/views.ts";

const ID = "w-aaaaaaaaaaaaaaaaaaaa";
let command: CommandHome;
let broker: FakeBroker;

beforeEach(async () => {
  command = await CommandHome.start();
  broker = command.broker;
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
});

const guise = (...args: string[]) => command.guise(...args);

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
