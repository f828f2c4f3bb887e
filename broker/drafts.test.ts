import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWorld, PERSONA, type World } from "./test-world.ts";

let world: World;
/** An author of the owning group, in none that may ask; and another of that group. */
let mia: string;
let max: string;
let ann: string;
let ola: string;

beforeEach(async () => {
  world = await openWorld();
  mia = await world.account("mia", ["author"], ["makers"]);
  max = await world.account("max", ["author"], ["makers"]);
  ann = await world.account("ann", ["user"], ["analytics"]);
  ola = await world.account("ola", ["operator", "auditor"], ["analytics"]);
});
afterEach(() => world.close());

const store = (token: string, persona: object = PERSONA, more: object = { draft: true }) =>
  world.ask("POST", "/v1/personas", { token, body: { document: JSON.stringify(persona), ...more } });
const built = (version: number) => world.repository.setBuild("tester", version, { state: "usable" });
const request = (token: string, more: object = {}, key: string = crypto.randomUUID()) =>
  world.ask("POST", "/v1/workspaces", { token, key, body: { persona_id: "tester", ...more } });
const publish = (token: string, version: number) =>
  world.ask("POST", `/v1/personas/tester/versions/${version}/publish`, { token, body: {} });
const discard = (token: string, version: number) => world.ask("DELETE", `/v1/personas/tester/versions/${version}`, { token });

describe("a draft", () => {
  test("is its author's alone: nobody else sees a trace of it, whatever role they have", async () => {
    const stored = await store(mia);
    expect([stored.status, stored.body.state, stored.body.draft, stored.body.version, world.woken]).toEqual([201, "building", true, 1, 1]);
    const looks = ["/v1/personas/tester", "/v1/personas/tester/versions/1", "/v1/personas/tester/versions/1/log"];
    for (const token of [max, ann, ola]) {
      expect((await world.ask("GET", "/v1/personas", { token })).body.items).toEqual([]);
      for (const look of looks) expect((await world.ask("GET", look, { token })).status).toBe(404);
    }
    await built(1);
    for (const token of [max, ann]) expect((await request(token, { version: 1 })).body.code).toBe("not_found");
    expect((await publish(max, 1)).body.code).toBe("not_found");
    expect((await discard(max, 1)).body.code).toBe("not_found");
    expect((await world.ask("GET", "/v1/personas", { token: mia })).body.items).toMatchObject([{ draft: true, state: "usable" }]);
    for (const look of looks) expect((await world.ask("GET", look, { token: mia })).status).toBe(200);
  });

  test("beside what is published changes nothing for others, nor what its author gets without asking for it", async () => {
    await world.usable();
    await store(mia, { ...PERSONA, persona_name: "Two" });
    await built(2);
    const versions = async (token: string) => (await world.ask("GET", "/v1/personas/tester", { token })).body.versions;
    for (const token of [max, ann, ola]) expect(await versions(token)).toMatchObject([{ version: 1, latest: true }]);
    expect(await versions(mia)).toMatchObject([
      { version: 2, draft: true, latest: false },
      { version: 1, latest: true },
    ]);
    expect((await world.ask("GET", "/v1/personas", { token: mia })).body.items).toMatchObject([{ version: 1 }]);
    expect((await request(ann)).body.version).toBe(1);
    const rolled = await world.ask("POST", "/v1/personas/tester/rollback", { token: max, body: { version: 2 } });
    expect(rolled.body.code).toBe("not_found");
    const own = await world.ask("POST", "/v1/personas/tester/rollback", { token: mia, body: { version: 2 } });
    expect([own.body.code, own.body.usable]).toEqual(["persona_not_usable", [1]]);
  });

  test("is requested by its number, by its author in no group that may ask, under a name of its own", async () => {
    await world.usable();
    await store(mia, { ...PERSONA, persona_name: "Two" });
    const waiting = await request(mia, { version: 2 });
    expect([waiting.body.code, waiting.body.state]).toEqual(["persona_not_usable", "building"]);
    await built(2);
    expect((await request(mia)).body.code).toBe("not_permitted");
    const tried = await request(mia, { version: 2 });
    expect(tried.body).toMatchObject({ version: 2, draft: true, name: "draft", persona_name: "Two" });
    expect((await world.repository.workspace(String(tried.body.workspace_id)))?.group).toBe("makers");
    expect((await request(mia, { version: 2 })).status).toBe(200);
    expect((await request(ann, { version: 1 })).body).toMatchObject({ version: 1, name: "main" });
  });

  test("takes the place of the former one, of which what runs goes on: to ask for the new one under that name is a conflict", async () => {
    await store(mia);
    await built(1);
    const first = await request(mia, { version: 1 });
    expect((await store(mia)).status).toBe(200);
    await store(mia, { ...PERSONA, persona_name: "Two" });
    await built(2);
    expect((await world.ask("GET", "/v1/personas/tester", { token: mia })).body.versions).toMatchObject([{ version: 2 }]);
    const refused = await request(mia, { version: 2 });
    expect(refused.body).toMatchObject({ code: "conflict", workspace_id: first.body.workspace_id, version: 1 });
    const held = await world.ask("GET", `/v1/workspaces/${first.body.workspace_id}`, { token: mia });
    expect(held.body).toMatchObject({ version: 1, draft: true, desired: "ready" });
    expect((await request(mia, { version: 2, name: "other" })).body).toMatchObject({ version: 2, name: "other" });
    expect((await request(mia, { version: 1, name: "third" })).body.code).toBe("not_found");
  });

  test("is published as it is by its author, and everybody gets it; only what is built is", async () => {
    await world.usable();
    await store(mia, { ...PERSONA, persona_name: "Two" });
    expect((await publish(mia, 2)).body.code).toBe("persona_not_usable");
    await built(2);
    const done = await publish(mia, 2);
    expect(done.body).toMatchObject({ version: 2, state: "usable", latest: true });
    expect(done.body.draft).toBeUndefined();
    expect((await request(ann)).body.version).toBe(2);
    expect((await publish(mia, 2)).body.code).toBe("not_found");
    expect((await publish(mia, 1)).body.code).toBe("not_found");
    const acts = (await world.repository.auditEntries(0, 100)).filter(({ action }) => action === "publish_draft");
    expect(acts).toMatchObject([
      { outcome: "done", target: "tester", facts: { version: 2 } },
      { outcome: "refused", facts: { code: "not_found" } },
      { outcome: "refused", facts: { code: "not_found" } },
    ]);
  });

  test("is not published by who left the group, nor with a priority that the group has no more, nor where the id became another group's", async () => {
    const audit = { at: 0, actor: "x", action: "x", target: "x", outcome: "done" } as const;
    await world.repository.setGroupPriority("makers", "urgent", audit);
    await store(mia, { ...PERSONA, priority: "high" });
    await built(1);
    await world.repository.setGroupPriority("makers", "normal", audit);
    expect((await publish(mia, 1)).body.problems).toMatchObject([{ path: "$.priority" }]);
    await world.repository.setGroupPriority("makers", "urgent", audit);
    await world.repository.setAccount("mia", { groups: ["sales"] }, audit);
    expect((await publish(mia, 1)).body.code).toBe("not_permitted");
    await world.repository.setAccount("mia", { groups: ["makers"] }, audit);
    const sam = await world.account("sam", ["author"], ["sales"]);
    expect((await store(sam, PERSONA, {})).status).toBe(201);
    expect((await publish(mia, 1)).body.code).toBe("not_permitted");
    expect((await discard(mia, 1)).status).toBe(204);
  });

  test("is discarded by its author; what is held of it goes on", async () => {
    await store(mia);
    await built(1);
    const { body } = await request(mia, { version: 1 });
    expect((await discard(mia, 1)).status).toBe(204);
    expect((await discard(mia, 1)).body.code).toBe("not_found");
    expect((await world.ask("GET", "/v1/personas/tester", { token: mia })).status).toBe(404);
    expect((await world.ask("GET", `/v1/workspaces/${body.workspace_id}`, { token: mia })).body).toMatchObject({ draft: true });
    expect((await store(mia)).body.version).toBe(2);
  });

  test("that failed to build is built again when it is stored again", async () => {
    await store(mia);
    await world.repository.setBuild("tester", 1, { state: "build_failed", message: "no such package" });
    expect((await request(mia, { version: 1 })).body).toMatchObject({ code: "persona_not_usable", state: "build_failed" });
    const again = await store(mia);
    expect([again.status, again.body.state, again.body.draft]).toEqual([200, "building", true]);
  });
});

test("what is published is not asked for by its version, but for the one that everybody gets", async () => {
  await world.usable();
  await world.usable({ persona_name: "Two" });
  expect((await request(ann, { version: 1 })).body).toMatchObject({ code: "invalid", problems: [{ path: "$.version" }] });
  expect((await request(ann, { version: 2 })).body).toMatchObject({ version: 2 });
});

test("a list has a draft of what is not published, for its author; of what is, only that", async () => {
  await store(mia);
  const seen = (await world.ask("GET", "/v1/personas", { token: mia })).body.items;
  expect(seen).toMatchObject([{ draft: true, state: "building" }]);
  await world.usable();
  expect((await world.ask("GET", "/v1/personas", { token: mia })).body.items).toMatchObject([{ version: 2, latest: true }]);
});

describe("a persona with checks", () => {
  const CHECKED = { ...PERSONA, checks: [{ run: "git --version", expect: {} }] };

  test("is published with what its checks are run in: the author's own workspace, whose home is not kept", async () => {
    await store(mia, { ...CHECKED, lifetime: { home: "keep", idle: "5m", maximum: "1h" } }, {});
    const row = await world.repository.version("tester", 1);
    expect(row?.checkPlan).toMatchObject({ environment: "staging", group: "makers", priority: "normal", demand: { cpu: 500 } });
    expect(row?.checkPlan?.checks).toEqual(CHECKED.checks);
    expect(row?.checkPlan?.concrete).toMatchObject({ keepHome: false, parameters: { region: "EU" } });
    expect(row?.checkPlan?.concrete).not.toHaveProperty("idleAfter");
    expect(row?.checkPlan?.concrete).not.toHaveProperty("maximumLifetime");
  });

  test("as a draft is its author's to try, and is checked when it is published", async () => {
    await store(mia, CHECKED);
    expect((await world.repository.version("tester", 1))?.checkPlan).toBeUndefined();
    await built(1);
    expect((await request(mia, { version: 1 })).status).toBe(202);
    const before = world.woken;
    const published = await publish(mia, 1);
    expect(published.body).toMatchObject({ state: "building", latest: false });
    expect(published.body.draft).toBeUndefined();
    expect(world.woken).toBe(before + 1);
    expect((await request(ann)).body).toMatchObject({ code: "persona_not_usable", state: "building" });
  });

  test("that needs what is not known of its author is refused at its place", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the persona language
    const variables = { MAIL: "${person:email}" };
    const refused = await store(mia, { ...CHECKED, application_configuration: { variables } }, {});
    expect(refused.body).toMatchObject({ code: "invalid_persona", problems: [{ path: "$.application_configuration.variables.MAIL" }] });
    expect(await world.repository.versions("tester")).toEqual([]);
  });
});
