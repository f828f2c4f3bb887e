import { afterEach, expect, test } from "vitest";
import type { RunResult } from "#provisioning";
import { LoopWorld, SMALL } from "./support/loop-world.ts";

let world: LoopWorld;
afterEach(() => world.close());

/** What a check that is run inside does, by what its line has in it. */
const inside = (answers: Readonly<Record<string, Partial<RunResult>>>) => (command: string) =>
  Object.entries(answers).find(([part]) => command.includes(part))?.[1];
const versionNow = (version: number) => world.repository.version("tester", version);
const done = (action: string, target: string) => ({ at: world.clock.now(), actor: "ann", action, target, outcome: "done" as const });

async function until(version: number, state: "usable" | "build_failed") {
  await world.eventually(async () => expect((await versionNow(version))?.state).toBe(state));
  await world.holds(() => world.nothingIsLeft());
  expect((await world.repository.workspaces({ owner: "ann" })).map((row) => row.state).filter((each) => each !== "released")).toEqual([]);
  return versionNow(version);
}

test("what is built and has checks is usable when they passed in a workspace of its author, of which nothing is left", async () => {
  world = await LoopWorld.open({ program: inside({ answer: { stdout: "42\n" } }) });
  const version = await world.publishChecked([
    { run: "answer", expect: { stdout: "42" } },
    { run: "quiet", expect: { stdout: "" } },
  ]);
  world.builds.wake();
  await world.eventually(async () => expect((await versionNow(version))?.image).toBeDefined());
  expect(await world.repository.version("tester")).toMatchObject({ version: 1 });
  expect(await until(version, "usable")).toMatchObject({
    latest: true,
    build: { message: "built; its 2 checks passed" },
    checkWorkspace: undefined,
  });
  expect(await world.repository.buildLog("tester", version)).toEqual(["check passed: answer", "check passed: quiet"]);
  const [workspace] = await world.repository.workspaces({ owner: "ann" });
  expect(workspace).toMatchObject({ version, group: "makers", name: expect.stringMatching(/^check-/) });
});

test("the first that fails ends them, with what was expected and seen; nobody gets that version", async () => {
  world = await LoopWorld.open({ program: inside({ answer: { stdout: "41\u001b[2J\n" }, never: { exit: 9 } }) });
  const version = await world.publishChecked([
    { run: "fine", expect: {} },
    { run: "answer", expect: { stdout: "42" } },
    { run: "never", expect: {} },
  ]);
  world.builds.wake();
  const failed = await until(version, "build_failed");
  expect(failed?.build.message).toBe('its checks: answer: expected "42", seen "41[2J"');
  expect(await world.repository.buildLog("tester", version)).toEqual(["check passed: fine", `checks: answer: expected "42", seen "41[2J"`]);
  expect(await world.repository.version("tester")).toMatchObject({ version: 1 });
});

test("without room they wait in the queue, and the version says so", async () => {
  world = await LoopWorld.open();
  const others = await Promise.all([1, 2, 3, 4].map(() => world.request()));
  for (const id of others) await world.until(id, "ready");
  const version = await world.publishChecked([{ run: "fine", expect: {} }]);
  world.builds.wake();
  await world.eventually(async () =>
    expect((await versionNow(version))?.build.message).toMatch(/^built; its checks wait for room: .*node-1/),
  );
  expect((await versionNow(version))?.state).toBe("building");
  for (const id of others) await world.release(id);
  await until(version, "usable");
});

test("homes that their author keeps are not touched", async () => {
  world = await LoopWorld.open();
  const own = await world.request({ name: "main", keepHome: true });
  await world.until(own, "ready");
  await world.release(own);
  const { home } = await world.until(own, "released");
  const version = await world.publishChecked([{ run: "fine", expect: {} }]);
  world.builds.wake();
  await world.eventually(async () => expect((await versionNow(version))?.state).toBe("usable"));
  expect((await world.repository.homes({})).map((each) => [each.home, each.workspace])).toEqual([[home, undefined]]);
  expect([...world.engine.homes.keys()]).toHaveLength(1);
});

test("a workspace that does not start, and one that somebody takes away, fail them with a sentence", async () => {
  let broken = true;
  const program = (command: string) => (broken && !command.includes("fine") ? { exit: 1, stderr: "no such setting" } : undefined);
  world = await LoopWorld.open({ program });
  const first = await world.publishChecked([{ run: "fine", expect: {} }]);
  world.builds.wake();
  expect((await until(first, "build_failed"))?.build.message).toMatch(/^its checks: their workspace did not start: /);
  broken = false;
  await Promise.all([1, 2, 3, 4].map(() => world.request()));
  await world.eventually(async () => expect(await world.repository.workspaces({ states: ["ready"] })).toHaveLength(4));
  const second = await world.publishChecked([{ run: "fine too", expect: {} }]);
  world.builds.wake();
  await world.eventually(async () => expect(await world.repository.workspaces({ states: ["queued"] })).toHaveLength(1));
  const [waiting] = await world.repository.workspaces({ states: ["queued"] });
  await world.wish(waiting?.id ?? "", "released", "stopped_by_operator");
  await world.eventually(async () => expect((await versionNow(second))?.build.message).toMatch(/^its checks: they were stopped/));
  for (const { id } of await world.repository.workspaces({ states: ["ready"] })) await world.release(id);
});

test("of a draft they are run when it is published, and not before", async () => {
  world = await LoopWorld.open({ program: inside({ answer: { stdout: "42" } }) });
  const draft = await world.publish([{ application: "jq", manager: "apt", packages: ["jq"] }], { isDraft: true });
  world.builds.wake();
  await world.eventually(async () => expect((await versionNow(draft))?.draft?.build).toBe("usable"));
  expect(await world.repository.workspaces({})).toEqual([]);
  const concrete = { layers: [], applications: [], launch: [], variables: {}, files: [], egress: [], dataSources: [], stopGrace: 0 };
  const plan = {
    environment: "production",
    group: "makers",
    priority: "normal",
    demand: SMALL,
    concrete,
    checks: [{ run: "answer", expect: { stdout: "42" } }],
  };
  const published = await world.repository.publishDraft("tester", draft, done("publish_draft", "tester"), plan);
  expect(published).toMatchObject({ state: "building", draft: undefined, latest: false });
  world.checks.wake();
  expect(await until(draft, "usable")).toMatchObject({ latest: true });
});

test("of a persona that was retired meanwhile they wait until that is taken back", async () => {
  world = await LoopWorld.open();
  const version = await world.publishChecked([{ run: "fine", expect: {} }]);
  await world.repository.retirePersona("tester", true, done("retire_persona", "tester"));
  world.builds.wake();
  await world.eventually(async () => expect((await versionNow(version))?.build.message).toContain("its persona is retired"));
  await world.repository.retirePersona("tester", false, done("retire_persona", "tester"));
  expect(await until(version, "usable")).toMatchObject({ latest: true });
});
