import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_CODES, type LaunchView, type WorkspaceView } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeBroker, json } from "../testing/fake-broker.ts";
import { fakeTerminal } from "../testing/terminal.ts";
import { workspaceView } from "../testing/views.ts";
import { writeCredentials } from "./credentials.ts";
import { runGuise } from "./program.ts";

const ID = "w-aaaaaaaaaaaaaaaaaaaa";
let broker: FakeBroker;
let home: string;
let suspended: number;

beforeEach(async () => {
  broker = await FakeBroker.start();
  home = await mkdtemp(join(tmpdir(), "guise-suspend-"));
  await writeCredentials(join(home, "credentials.json"), { broker: broker.url, sign_in: "s" });
  suspended = 0;
  broker.handlers.set(`POST /v1/workspaces/${ID}/suspend`, (_, response) => {
    suspended++;
    json(response, 202, workspaceView({ workspace_id: ID, state: "suspended" }));
  });
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

function holding(...launches: readonly Partial<LaunchView>[]) {
  const applications = [{ application: "shell", name: "Shell", kind: "terminal" }] as unknown as WorkspaceView["applications"];
  broker.workspaces.set(ID, workspaceView({ workspace_id: ID, state: "ready", applications, launches: launches as LaunchView[] }));
}

function suspend(tty: boolean, ...args: readonly string[]) {
  const terminal = fakeTerminal({ credentialsPath: join(home, "credentials.json"), cwd: home, tty });
  return { terminal, code: runGuise(["suspend", ID, ...args], terminal.context) };
}

const SHELL = { application: "shell", kind: "terminal", state: "running" } as const;
const CLOSED = { ...SHELL, state: "exited" } as const;

test.each([
  ["n", EXIT_CODES.interrupted, 0],
  ["y", 0, 1],
])("on a terminal, with something open, it names that, and does what is answered: %s", async (answer, exit, count) => {
  holding(SHELL, { application: "ruff", kind: "command", state: "running" }, CLOSED);
  const { terminal, code } = suspend(true);
  await expect.poll(() => terminal.err(), { interval: 20 }).toContain("Suspend Data Analyst?");
  expect(terminal.err()).toContain("open: Shell, ruff\n");
  expect(terminal.err()).toContain("documents that are not saved are lost\n");
  expect(terminal.err()).toContain("kept: the home with its files; opened again on resume: Shell\n");
  terminal.stdin.write(answer);
  expect([await code, suspended]).toEqual([exit, count]);
});

test.each<[string, boolean, readonly Partial<LaunchView>[], readonly string[]]>([
  ["with --yes", true, [SHELL], ["--yes"]],
  ["with nothing open", true, [CLOSED], []],
  ["without a terminal, where nobody can answer", false, [SHELL], []],
])("it does not ask %s", async (_what, tty, launches, args) => {
  holding(...launches);
  expect([await suspend(tty, ...args).code, suspended]).toEqual([0, 1]);
});
