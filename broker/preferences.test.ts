import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let ada: string;
let bob: string;

beforeAll(async () => {
  world = await openWorld();
  ada = await world.account("ada", ["user"]);
  bob = await world.account("bob", ["operator", "auditor"]);
});
afterAll(() => world.close());

const show = async (token: string) => (await world.ask("GET", "/v1/preferences", { token })).body;
const set = (token: string, revision: number, preferences: unknown) =>
  world.ask("PUT", "/v1/preferences", { token, body: { revision, preferences } });

test("they are one's own, whoever else asks", async () => {
  expect(await show(ada)).toEqual({ revision: 0, preferences: {} });
  const mine = { editor: "vim", files: { "~/.vimrc": { content: "set number\n" } } };
  expect(await set(ada, 0, mine)).toMatchObject({ status: 200, body: { revision: 1, preferences: mine } });
  expect(await show(ada)).toEqual({ revision: 1, preferences: mine });
  expect(await show(bob)).toEqual({ revision: 0, preferences: {} });
  await set(bob, 0, { editor: "nano" });
  expect(await show(ada)).toEqual({ revision: 1, preferences: mine });
});

test("who knows an older revision changes nothing", async () => {
  const { revision } = (await show(ada)) as { revision: number };
  expect(await set(ada, revision - 1, { editor: "nano" })).toMatchObject({ status: 409, body: { code: "conflict" } });
  expect(await show(ada)).toMatchObject({ revision, preferences: { editor: "vim" } });
});

test("what is refused says where, and nothing is stored", async () => {
  const before = await show(ada);
  const refused = async (preferences: unknown) => {
    const { status, body } = await set(ada, Number(before.revision), preferences);
    return [status, body.problems?.map(({ path }) => path)];
  };
  expect(await refused({ time_zone: "Mars/Olympus" })).toEqual([400, ["$.preferences.time_zone"]]);
  const [status, paths] = await refused({ files: { "~/.netrc": { content: "machine x" } } });
  expect([status, String(paths)]).toEqual([400, expect.stringContaining(".netrc")]);
  expect(await show(ada)).toEqual(before);
});

test("the largest that is kept is taken, and the audit says that they changed and not what they are", async () => {
  const { revision } = (await show(ada)) as { revision: number };
  const files = { "~/.a": { content: "\u0001".repeat(2 ** 18) } };
  expect((await set(ada, revision, { files })).status).toBe(200);
  const entry = (await world.repository.auditEntries(0, 1000)).findLast(({ action }) => action === "set_preferences");
  expect(entry).toMatchObject({ outcome: "done", facts: { members: ["files"], files: 1 } });
});
