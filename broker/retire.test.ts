import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWorld, PERSONA, type World } from "./test-world.ts";

let world: World;
let mia: string;
let ann: string;
let ola: string;

beforeEach(async () => {
  world = await openWorld();
  mia = await world.account("mia", ["author"], ["makers"]);
  ann = await world.account("ann", ["user"], ["analytics"]);
  ola = await world.account("ola", ["operator"], []);
  await world.usable();
});
afterEach(() => world.close());

const publish = (token: string, persona: object, more: object = {}) =>
  world.ask("POST", "/v1/personas", { token, body: { document: JSON.stringify(persona), ...more } });
const request = (token: string, more: object = {}) =>
  world.ask("POST", "/v1/workspaces", { token, key: crypto.randomUUID(), body: { persona_id: "tester", ...more } });
const retire = (token: string, body: object = {}) => world.ask("POST", "/v1/personas/tester/retire", { token, body });
const remove = (token: string) => world.ask("DELETE", "/v1/personas/tester", { token });
const listed = async (token: string) => (await world.ask("GET", "/v1/personas", { token })).body.items;

describe("retiring", () => {
  test("ends requests and new versions, not what is held, which says so and is given to who asks for it", async () => {
    const held = await request(ann);
    const retired = await retire(mia);
    expect(retired.body).toMatchObject({
      persona_id: "tester",
      versions: [{ version: 1, state: "retired", retired: true, latest: false }],
    });
    const second = await request(ann, { name: "second" });
    expect([second.status, second.body.code]).toEqual([409, "persona_retired"]);
    expect((await request(ann, { name: "second", version: 1 })).body.code).toBe("persona_retired");
    const again = await request(ann);
    expect([again.status, again.body.workspace_id, again.body.retired]).toEqual([200, held.body.workspace_id, true]);
    for (const more of [{}, { draft: true }])
      expect((await publish(mia, { ...PERSONA, persona_name: "Two" }, more)).body.code).toBe("persona_retired");
    expect((await world.ask("POST", "/v1/personas/tester/rollback", { token: mia, body: { version: 1 } })).body.code).toBe(
      "persona_not_usable",
    );
    expect((await retire(mia, { retired: false })).body.versions).toMatchObject([{ state: "usable", latest: true }]);
    expect((await world.ask("GET", `/v1/workspaces/${held.body.workspace_id}`, { token: ann })).body.retired).toBeUndefined();
    expect((await request(ann, { name: "second" })).status).toBe(202);
  });

  test("is listed for those alone who may take it back", async () => {
    const max = await world.account("max", ["user"], ["makers"]);
    await retire(ola);
    expect([await listed(ann), await listed(max)]).toEqual([[], []]);
    for (const token of [mia, ola]) expect(await listed(token)).toMatchObject([{ persona_id: "tester", state: "retired", retired: true }]);
  });

  test("a draft of what was retired meanwhile is not published", async () => {
    await publish(mia, { ...PERSONA, persona_name: "Two" }, { draft: true });
    await world.repository.setBuild("tester", 2, { state: "usable" });
    await retire(mia);
    const refused = await world.ask("POST", "/v1/personas/tester/versions/2/publish", { token: mia, body: {} });
    expect(refused.body.code).toBe("persona_retired");
    const answer = await retire(ola);
    expect(answer.body.versions).toMatchObject([{ version: 1 }]);
    expect(answer.text).not.toContain("Two");
  });

  test("is for authors of the owning group and operators", async () => {
    const sam = await world.account("sam", ["author"], ["analytics"]);
    for (const act of [retire, remove]) {
      expect((await act(sam)).body.code).toBe("not_permitted");
      expect((await act(ann)).body.code).toBe("not_permitted");
      expect((await act(await world.account(`eve-${act.name}`, ["author"], ["sales"]))).body.code).toBe("not_found");
    }
    expect((await retire(ola)).status).toBe(200);
    const acts = (await world.repository.auditEntries(0, 100)).filter(({ action }) => action === "retire_persona");
    expect(acts.map(({ outcome }) => outcome)).toEqual(["refused", "refused", "refused", "done"]);
  });
});

describe("removing", () => {
  test("names what is left of it, whose it is to operators alone", async () => {
    const held = await request(ann);
    expect((await remove(mia)).body.code).toBe("conflict");
    await retire(mia);
    const workspaces = [{ id: held.body.workspace_id }];
    const refused = await remove(mia);
    expect(refused.body).toMatchObject({ code: "persona_in_use", count: 1, workspaces });
    expect(refused.body.detail).toContain(String(held.body.workspace_id));
    expect(refused.text).not.toContain("ann");
    expect((await remove(ola)).body).toMatchObject({ workspaces: [{ id: held.body.workspace_id, owner: "ann" }] });
    const id = String(held.body.workspace_id);
    await world.repository.setDesired(
      id,
      { desired: "released", reason: "given_back", by: "ann", keepHome: true },
      { at: 0, actor: "ann", action: "x", target: id, outcome: "done" },
    );
    await world.makeReady(id);
    await world.move({ id, to: "releasing", reason: "given_back" });
    await world.move({ id, to: "released", free: true, home: "keep" });
    expect((await remove(mia)).body).toMatchObject({ code: "persona_in_use", count: 1, homes: [{ id: expect.stringMatching(/^h/) }] });
  });

  test("frees the id for a group of who publishes it; receipts name it still", async () => {
    await retire(mia);
    expect((await remove(mia)).status).toBe(204);
    expect((await remove(mia)).body.code).toBe("not_found");
    expect([await listed(mia), await listed(ola)]).toEqual([[], []]);
    const sam = await world.account("sam", ["author"], ["sales"]);
    expect((await publish(ann, PERSONA)).body.code).toBe("not_permitted");
    expect((await publish(sam, PERSONA, { owner_group: "makers" })).body.code).toBe("not_permitted");
    expect((await publish(sam, PERSONA)).body).toMatchObject({ version: 2, owner_group: "sales", state: "building" });
    const done = (await world.repository.auditEntries(0, 100)).filter(
      ({ action, outcome }) => action === "remove_persona" && outcome === "done",
    );
    expect(done).toMatchObject([{ target: "tester" }]);
  });
});
