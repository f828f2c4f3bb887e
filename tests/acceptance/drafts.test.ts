import type { VersionView, WorkspaceView } from "@guise/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/**
 * What an author does with a persona before and after anybody else meets it: tries a draft, runs its checks, publishes, retires, removes.
 * Slow: images are built.
 */
let world: World;
beforeAll(async () => {
  world = await World.shared();
  await world.signIn("max", ["engineering"]);
});
afterAll(() => world?.close());

const PERSONA = tinyPersona({
  persona_id: "drafted",
  checks: [
    { run: "jq -n 1+1", expect: { stdout: "2" } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
    { run: 'echo "$REPORT_REGION ${PWD}"', expect: { stdout: "EU /home/user" } },
    { run: "ls /data/sample-sales/sales.csv", expect: {} },
  ],
});
const stored = (name: string, over: object = {}) => world.file(name, JSON.stringify({ ...PERSONA, ...over }));
const json = async <T>(person: string, ...args: string[]): Promise<T> =>
  JSON.parse((await world.as(person, ...args, "--json")).stdout) as T;
const held = async () => (await json<readonly WorkspaceView[]>("owner", "ps")).filter(({ persona_id }) => persona_id === "drafted");

test("a draft is tried in a workspace of its own, and nobody else sees it", async () => {
  const { exit, stdout, stderr } = await world.guise("persona", "try", stored("drafted.json"), "--group", "engineering", "--no-launch");
  expect(exit, stderr).toBe(0);
  expect(stderr).toContain("is yours alone");
  const [workspace] = await held();
  expect(workspace).toMatchObject({ workspace_id: stdout.trim(), name: "draft", draft: true, state: "ready" });
  expect((await world.guise("exec", "drafted", "-n", "draft", "--", "jq", "--version")).exit).toBe(0);
  expect((await world.as("max", "persona", "show", "drafted")).stderr).toContain("There is no such thing");
  expect((await world.as("max", "request", "drafted")).exit).not.toBe(0);
});

test("its checks run where the person's own programs do; each that fails says what was expected and seen, and nothing is left", async () => {
  const passed = await world.guise("persona", "test", stored("drafted.json"), "--group", "engineering");
  expect([passed.exit, passed.stdout], passed.stderr).toEqual([0, "3 passed, 0 failed\n"]);
  const failing = {
    checks: [
      { run: "jq -n 1+1", expect: { stdout: "3" } },
      { run: "sleep 100", expect: {}, within: "1s" },
      { run: "cat /nowhere", expect: {} },
    ],
  };
  const failed = await world.guise("persona", "test", stored("failing.json", failing), "--group", "engineering");
  expect([failed.exit, failed.stdout]).toEqual([1, "0 passed, 3 failed\n"]);
  expect(failed.stderr).toContain('fail jq -n 1+1: expected "3", seen "2"\n');
  expect(failed.stderr).toContain("fail sleep 100: it did not end within 1 s");
  expect(failed.stderr).toMatch(/fail cat \/nowhere: expected exit 0, seen 1: .*No such file/);
  // What was held of the first draft, which another has replaced, goes on.
  expect((await held()).map(({ name, state }) => [name, state])).toEqual([["draft", "ready"]]);
});

test("a version whose check fails is not what a request gets, and its log says why", async () => {
  const wrong = { persona_id: "wrong", checks: [{ run: "echo 41", expect: { stdout: "42" } }] };
  const published = await world.guise("persona", "publish", stored("wrong.json", wrong), "--group", "engineering");
  expect(published.exit, published.stderr).toBe(0);
  const request = await world.guise("request", "wrong", "--no-launch");
  expect([request.exit === 0, request.stderr]).toEqual([false, expect.stringContaining("could not be built")]);
  expect((await world.guise("persona", "show", "wrong", "1", "--log")).stdout).toContain('checks: echo 41: expected "42", seen "41"\n');
  const all = await json<readonly WorkspaceView[]>("owner", "ps", "--everyone");
  expect(all.filter(({ persona_id }) => persona_id === "wrong")).toEqual([]);
  await world.guise("persona", "retire", "wrong");
  expect((await world.guise("persona", "remove", "wrong")).stdout).toBe("wrong is removed\n");
});

test("another draft asks what is to become of the former's workspace; it is published as it is, retired and removed", async () => {
  const again = await world.guise("persona", "try", stored("drafted.json"), "--group", "engineering", "--no-launch");
  expect([again.exit === 0, again.stderr]).toEqual([false, expect.stringContaining("--replace")]);
  const replaced = await world.guise("persona", "try", stored("drafted.json"), "--group", "engineering", "--no-launch", "--replace");
  expect(replaced.exit, replaced.stderr).toBe(0);
  await world.guise("release", "drafted", "--name", "draft", "--with-home");
  const published = await world.guise("persona", "publish-draft", "drafted");
  expect([published.exit, published.stdout], published.stderr).toEqual([0, expect.stringContaining("as soon as its checks passed")]);
  const request = await world.as("max", "request", "drafted", "--no-launch");
  expect(request.exit, request.stderr).toBe(0);
  const shown = await json<VersionView>("max", "persona", "show", "drafted");
  expect(shown).toMatchObject({ persona_name: "Tiny", latest: true, build: { message: "built; its 3 checks passed" } });
  expect(await held()).toEqual([]);
  expect((await world.guise("persona", "retire", "drafted")).stdout).toBe("drafted is retired\n");
  expect((await world.as("max", "why", "drafted")).stdout).toContain("nobody can request its persona any more");
  expect((await world.as("max", "request", "drafted", "--name", "second")).stderr).toContain("Nobody can request the persona any more");
  const refused = await world.guise("persona", "remove", "drafted");
  expect([refused.exit === 0, refused.stderr]).toEqual([false, expect.stringMatching(/there is 1 workspace: w-/)]);
  expect((await world.as("max", "release", "drafted", "--with-home")).exit).toBe(0);
  expect((await world.guise("persona", "remove", "drafted")).stdout).toBe("drafted is removed\n");
});
