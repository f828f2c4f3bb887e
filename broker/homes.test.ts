import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let tokens: Record<"olga" | "ann" | "bob", string>;
let home: string;

beforeEach(async () => {
  world = await openWorld();
  await world.usable();
  tokens = {
    olga: await world.account("olga", ["operator"]),
    ann: await world.account("ann", ["user"], ["analytics"]),
    bob: await world.account("bob", ["user"], ["analytics"]),
  };
  const { body } = await world.ask("POST", "/v1/workspaces", { token: tokens.ann, key: "k-1", body: { persona_id: "tester" } });
  home = (await world.repository.workspace(String(body.workspace_id)))?.home ?? "";
  world.storedHomes = [home, "h-stray"].map((each) => ({ home: each, promised: 10, taken: 5 }));
});
afterEach(() => world.close());

const take = (who: keyof typeof tokens, which: string) => world.ask("GET", `/v1/homes/${which}/image`, { token: tokens[who] });

test("a home is exported by its owner alone; for everybody else it is not there", async () => {
  const own = await take("ann", home);
  expect([own.status, own.headers["content-type"], own.text]).toEqual([200, "application/x-tar", `image of ${home}`]);
  const foreign = await take("bob", home);
  const nowhere = await take("bob", "h-nowhere");
  expect([foreign.status, foreign.body.code, foreign.body.detail]).toEqual([404, "not_found", nowhere.body.detail]);
  expect((await take("bob", "h-stray")).status).toBe(404);
});

test("an operator gets what is in quarantine, and what somebody left behind who is gone, and that is audited", async () => {
  expect((await take("olga", "h-stray")).text).toBe("image of h-stray");
  const refused = await take("olga", home);
  expect([refused.status, refused.body.code]).toEqual([403, "not_permitted"]);
  await world.ask("PATCH", "/v1/accounts/ann", { token: tokens.olga, body: { disabled: true } });
  expect((await take("olga", home)).status).toBe(200);
  const entries = (await world.repository.auditEntries(0, 100)).filter(({ action }) => action === "export_home");
  expect(entries.map(({ target, outcome }) => [target, outcome])).toEqual([
    ["h-stray", "done"],
    [home, "done"],
  ]);
});
