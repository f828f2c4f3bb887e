// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of personas are written so
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWorld, PERSONA, type World } from "./test-world.ts";

let world: World;
let ann: string;
let bob: string;

beforeEach(async () => {
  world = await openWorld();
  ann = await world.account("ann", ["user"], ["analytics"]);
  bob = await world.account("bob", ["user"], ["analytics", "leads"]);
  await world.usable();
});
afterEach(() => world.close());

let keys = 0;
const request = (token: string, body: object = {}, key = `key-${++keys}`) =>
  world.ask("POST", "/v1/workspaces", { token, key, body: { persona_id: "tester", ...body } });

describe("requesting a persona", () => {
  test("records the intent, wakes the loop and answers 202", async () => {
    const { status, body } = await request(ann, { parameters: { region: "UK" } });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      persona_id: "tester",
      environment: "staging",
      name: "main",
      state: "queued",
      owner: "ann",
      parameters: { region: "UK" },
      priority: "normal",
    });
    expect(world.woken).toBe(1);
    const [row] = await world.repository.workspaces({});
    expect(row).toMatchObject({ owner: "http://guise.localhost:7080#ann", group: "analytics", demand: { cpu: 500 } });
    expect((await world.repository.auditEntries(0, 100)).at(-1)).toMatchObject({
      action: "request_workspace",
      outcome: "done",
      actor: row?.owner,
    });
  });

  test("what the persona says of its person is looked up at the request; an address that is not known is told with its place", async () => {
    await world.usable({ application_configuration: { variables: { WHO: "${person:name} <${person:email}> ${account}" } } });
    const refused = await request(ann);
    expect([refused.status, refused.body.code]).toEqual([400, "invalid"]);
    expect(refused.body.problems).toEqual([
      {
        path: "$.application_configuration.variables.WHO",
        code: "missing",
        message: expect.stringMatching(/^needs \$\{person:email\}, and no e-mail address is known of you/),
      },
    ]);
    const audit = { at: 0, actor: "olga", action: "change_account", target: "ann", outcome: "done" as const };
    await world.repository.setAccount("ann", { email: "ann@example.org" }, audit);
    expect((await request(ann)).status).toBe(202);
    const [row] = await world.repository.workspaces({});
    expect(row?.concrete.variables).toMatchObject({ WHO: "ann <ann@example.org> ann" });
  });

  test("asked again it gives the one that is held, with 200", async () => {
    const first = await request(ann);
    const again = await request(ann);
    expect(again.status).toBe(200);
    expect(again.body.workspace_id).toBe(first.body.workspace_id);
  });

  test("another environment or name is another workspace", async () => {
    const ids = [await request(bob), await request(bob, { environment: "production" }), await request(bob, { name: "two" })].map(
      (one) => one.body.workspace_id,
    );
    expect(new Set(ids).size).toBe(3);
  });

  test("with other parameters it is refused, and both are shown", async () => {
    await request(ann);
    const { status, body } = await request(ann, { parameters: { region: "UK" } });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "parameters_differ", present: { region: "EU" }, requested: { region: "UK" } });
  });

  test("while it is being given back it is a conflict that passes", async () => {
    const { body } = await request(ann);
    await world.ask("POST", `/v1/workspaces/${body.workspace_id}/release`, { token: ann, body: {} });
    expect((await request(ann)).body).toMatchObject({ code: "conflict", retry: "now" });
  });

  test("what can never fit is refused at once with the largest that could be granted, and nothing is stored", async () => {
    const largest = { cpu: 400, ram: 1, storage: 1, ingress: 1, egress: 1 };
    world.advice = { kind: "never_fits", short: [{ dimension: "cpu", needs: 500, has: 400 }], largest };
    const { status, body } = await request(ann);
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "insufficient_resources", never: true, largest });
    expect(body.detail).toContain("0.5 cpu");
    expect(body.detail).toContain("(the cpu of the machine, less 0.25 cpu kept for the machine and Guise, given out 4 times)");
    expect(await world.repository.workspaces({})).toEqual([]);
  });

  test("what would wait is refused when the person will not wait, else queued with the sentence", async () => {
    world.advice = {
      kind: "would_wait",
      reason: "waiting_for_room",
      place: 2,
      turn: 0,
      short: [{ dimension: "cpu", needs: 500, has: 400 }],
      node: "node-1",
    };
    const refused = await request(ann, { wait: false });
    expect(refused.body).toMatchObject({ code: "insufficient_resources", never: false, place: 2 });
    expect(await world.repository.workspaces({})).toEqual([]);
    const { status, body } = await request(ann);
    expect(status).toBe(202);
    expect(body).toMatchObject({ reason: "waiting_for_room" });
    expect(body.message).toContain("0.4 cpu");
  });

  test("a queued one shows its place from the latest snapshot", async () => {
    const { body } = await request(ann);
    world.waiting = [{ id: String(body.workspace_id), place: 3, reason: "waiting_in_line", message: "held" }];
    const shown = await world.ask("GET", `/v1/workspaces/${body.workspace_id}`, { token: ann });
    expect(shown.body).toMatchObject({ place: 3, reason: "waiting_in_line", message: "held" });
  });

  test("an environment is for its own groups", async () => {
    expect((await request(ann, { environment: "production" })).body).toMatchObject({ code: "not_permitted" });
    expect((await request(bob, { environment: "production" })).status).toBe(202);
  });

  test("a persona that one may not see is absent, word for word", async () => {
    const eve = await world.account("eve", ["user"], ["sales"]);
    const unseen = await request(eve);
    const absent = await request(eve, { persona_id: "nothing" });
    expect(unseen.status).toBe(404);
    expect({ ...unseen.body, request_id: "" }).toEqual({ ...absent.body, request_id: "" });
  });

  test("a persona without a usable version says so", async () => {
    const definition = { ...PERSONA, persona_id: "fresh" };
    const audit = { at: 0, actor: "test", action: "x", target: "-", outcome: "done" } as const;
    await world.repository.publishVersion(
      { persona: "fresh", name: "Fresh", digest: "d", definition, ownerGroup: "makers", publishedBy: "x", publishedAt: 0 },
      audit,
    );
    expect((await request(ann, { persona_id: "fresh" })).body).toMatchObject({ code: "persona_not_usable", state: "building" });
  });

  test("wrong parameters and environments are named", async () => {
    expect((await request(ann, { parameters: { regoin: "UK" } })).body).toMatchObject({
      code: "invalid",
      problems: [{ path: "$.parameters.regoin", suggestion: "region" }],
    });
    expect((await request(ann, { environment: "stagin" })).body).toMatchObject({ code: "invalid", problems: [{ suggestion: "staging" }] });
  });

  test("priority may be lowered, and raised to the grant but no further", async () => {
    expect((await request(ann, { priority: "urgent" })).body).toMatchObject({ code: "not_permitted", priority_grant: "normal" });
    expect((await request(ann, { priority: "low" })).body.priority).toBe("low");
    await world.repository.setGroupPriority("leads", "high", { at: 0, actor: "x", action: "x", target: "x", outcome: "done" });
    expect((await request(bob, { priority: "high" })).body.priority).toBe("high");
  });

  test("unknown fields and a missing persona are named", async () => {
    const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona: "tester" } });
    expect(body.code).toBe("invalid");
    expect(body.problems?.map(({ path, code }) => `${path} ${code}`).sort()).toEqual(["$.persona unknown_field", "$.persona_id missing"]);
  });
});

describe("the Idempotency-Key", () => {
  test("is asked for", async () => {
    expect((await world.ask("POST", "/v1/workspaces", { token: ann, body: { persona_id: "tester" } })).body.code).toBe("invalid");
    expect((await request(ann, {}, " ")).body.code).toBe("invalid");
    expect((await request(ann, {}, "k".repeat(201))).body.code).toBe("invalid");
  });

  test("the same request twice, or many at once, gives one workspace and one answer", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => request(ann, {}, "same")));
    answers.push(await request(ann, {}, "same"));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.workspace_id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    expect(await world.repository.workspaces({})).toHaveLength(1);
  });

  test("holds after the workspace is gone: a late repetition makes no second one", async () => {
    for (const prior of [false, true]) {
      if (prior) await request(ann, { name: "x" });
      const first = await request(ann, { name: "x" }, `late-${prior}`);
      const id = String(first.body.workspace_id);
      await world.repository.setDesired(
        id,
        { desired: "released", reason: "cancelled", by: "x" },
        { at: 0, actor: "x", action: "x", target: "x", outcome: "done" },
      );
      await world.move({ id, to: "releasing", reason: "cancelled" });
      await world.move({ id, to: "released", reason: "cancelled" });
      const late = await request(ann, { name: "x" }, `late-${prior}`);
      expect(late.status).toBe(first.status);
      expect(late.body).toMatchObject({ workspace_id: id, state: "released" });
    }
    expect(await world.repository.workspaces({ states: ["queued"] })).toEqual([]);
  });

  test("with another body it is a conflict", async () => {
    await request(ann, {}, "same");
    expect((await request(ann, { name: "two" }, "same")).body.code).toBe("idempotency_conflict");
  });

  test("of another person it is another key", async () => {
    const [a, b] = [await request(ann, {}, "same"), await request(bob, {}, "same")];
    expect(b.status).toBe(202);
    expect(b.body.workspace_id).not.toBe(a.body.workspace_id);
  });

  test("of another route it is another key, and its own answer is given again", async () => {
    const { body } = await request(ann, {}, "same");
    const id = String(body.workspace_id);
    await world.makeReady(id);
    const launch = () => world.ask("POST", `/v1/workspaces/${id}/launches`, { token: ann, key: "same", body: { application: "git" } });
    const first = await launch();
    const again = await launch();
    expect(first.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(world.asked.filter(([kind]) => kind === "launch")).toHaveLength(1);
  });

  test("is forgotten after a day", async () => {
    const { body } = await request(ann, {}, "same");
    world.clock.advance(24 * 3_600_000);
    const token = (
      await world.issuer.sign("access", { subject: "ann", scopes: ["request", "read"], notAfter: world.clock.now() + 600_000 })
    ).token;
    const again = await request(token, {}, "same");
    expect(again.status).toBe(200);
    expect(again.body.workspace_id).toBe(body.workspace_id);
  });

  test("a refusal is not remembered: the same request may succeed later", async () => {
    world.advice = { kind: "would_wait", reason: "waiting_for_room", place: 1, turn: 0, short: [], node: "node-1" };
    expect((await request(ann, { wait: false }, "same")).status).toBe(409);
    world.advice = { kind: "would_start", node: "node-1" };
    expect((await request(ann, { wait: false }, "same")).status).toBe(202);
  });
});

describe("what one person may have", () => {
  const FULL = { kind: "would_wait", reason: "waiting_for_room", place: 2, turn: 0, short: [], node: "node-1" } as const;
  const named = (token: string, at: number) => request(token, { name: `n${at}` }, `k${at}`);

  test("is refused beyond the limit with its numbers, also of requests that come together; what is given back counts no more", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => named(ann, at)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: "too_many_workspaces", limit: "held", most: 5, present: 5, retry: "later" });
    expect(refused?.body.detail).toContain("You have 5 workspaces");
    const given = answers.find(({ status }) => status === 202)?.body.workspace_id;
    await world.ask("POST", `/v1/workspaces/${given}/release`, { token: ann, body: {} });
    expect((await named(ann, 20)).status).toBe(202);
  });

  test("is fewer of those that would wait; what starts at once is not among them, nor is somebody else's", async () => {
    world.advice = FULL;
    const answers = await Promise.all([1, 2, 3, 4].map((at) => named(ann, at)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: "too_many_workspaces", limit: "waiting", most: 3 });
    expect((await named(await world.account("zoe", ["user"], ["analytics"]), 1)).status).toBe(202);
    world.advice = { kind: "would_start", node: "node-1" };
    expect((await named(ann, 9)).status).toBe(202);
  });

  test("asked for again with the same key, or held already, is given however many there are", async () => {
    for (let at = 0; at < 5; at++) await named(ann, at);
    expect((await named(ann, 2)).status).toBe(202);
    expect((await request(ann, { name: "n3" })).status).toBe(200);
  });
});
