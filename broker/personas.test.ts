import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWorld, PERSONA, type World } from "./test-world.ts";

let world: World;
let mia: string;
let ann: string;

beforeEach(async () => {
  world = await openWorld();
  mia = await world.account("mia", ["author"], ["makers"]);
  ann = await world.account("ann", ["user"], ["analytics"]);
});
afterEach(() => world.close());

const publish = (token: string, persona: object | string, more: object = {}) =>
  world.ask("POST", "/v1/personas", {
    token,
    body: { document: typeof persona === "string" ? persona : JSON.stringify(persona), ...more },
  });

test("lists that people have become a draft; what became of each line, and what is missing, is told", async () => {
  const body = { lists: ["requirements.txt"], files: [{ name: "requirements.txt", content: "polars==1.*\n-r more.txt\n-e .\n" }] };
  const answer = await world.ask("POST", "/v1/personas/import", { token: mia, body });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    wanted: ["more.txt"],
    rows: [
      { line: 2, outcome: "not_carried" },
      { line: 3, outcome: "not_carried" },
      { line: 1, outcome: "carried", becomes: "pip:polars==1.*" },
    ],
  });
  expect(JSON.parse(String((answer.body as { document?: string }).document))).toMatchObject({ required_applications: ["pip:polars==1.*"] });
  expect((await world.ask("POST", "/v1/personas/import", { token: ann, body })).status).toBe(403);
  expect((await world.ask("POST", "/v1/personas/import", { token: mia, body: { ...body, lists: [] } })).status).toBe(400);
});

describe("publishing", () => {
  test("stores a version, wakes the builds, and gives the same content back as it is", async () => {
    const first = await publish(mia, PERSONA);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      persona_id: "tester",
      version: 1,
      state: "building",
      owner_group: "makers",
      published_by: "mia",
      latest: false,
    });
    expect(first.body.environments).toEqual(["staging", "production"]);
    expect(world.woken).toBe(1);
    const again = await publish(mia, `\n${JSON.stringify(PERSONA, null, 2)}`);
    expect([again.status, again.body.version]).toEqual([200, 1]);
    expect((await publish(mia, { ...PERSONA, persona_name: "Other" })).body.version).toBe(2);
    expect((await world.repository.auditEntries(0, 100)).filter(({ action }) => action === "publish_persona")).toHaveLength(2);
  });

  test("the same content again builds a version whose build had failed, and is told so at once", async () => {
    await publish(mia, PERSONA);
    await world.repository.setBuild("tester", 1, { state: "build_failed", message: "no such package" });
    const again = await publish(mia, PERSONA);
    expect([again.status, again.body.version, again.body.state, world.woken]).toEqual([200, 1, "building", 2]);
  });

  test("all that is wrong comes in one answer, and nothing is stored", async () => {
    const wrong = {
      ...PERSONA,
      required_applications: ["gti"],
      resource_requirements: { ...PERSONA.resource_requirements, ram: "4 gigs" },
      applicaton: 1,
      launch: 5,
    };
    const { status, body } = await publish(mia, wrong);
    expect([status, body.code]).toEqual([422, "invalid_persona"]);
    const paths = body.problems?.map(({ path }) => path) ?? [];
    for (const path of ["$.required_applications[0]", "$.resource_requirements.ram", "$.applicaton", "$.launch"])
      expect(paths).toContain(path);
    expect(await world.repository.versions("tester")).toEqual([]);
    const { body: validated } = await world.ask("POST", "/v1/personas/validate", { token: mia, body: { document: JSON.stringify(wrong) } });
    expect(validated).toMatchObject({ valid: false, problems: body.problems });
  });

  test("what the package mirrors do not have is a problem at its line; where they were not asked, that is said", async () => {
    const document = JSON.stringify({ ...PERSONA, required_applications: ["git", "apt:gnumerik"] });
    const validate = async () => (await world.ask("POST", "/v1/personas/validate", { token: mia, body: { document } })).body;
    const runtimes = {
      ...{ base: "debian-12", python: "3.11", node: "24" },
      bases: [
        { base: "debian-12", python: "3.11" },
        { base: "debian-13", python: "3.13" },
      ],
      nodes: ["18", "20", "22", "24"],
    };
    expect(await validate()).toEqual({ valid: true, problems: [], runtimes });
    world.packages = { found: { missing: [{ manager: "apt", argument: "gnumerik", nearest: "gnumeric" }], unresolved: undefined } };
    expect(await validate()).toMatchObject({
      valid: false,
      problems: [{ path: "$.required_applications[1]", code: "unknown_name", suggestion: "apt:gnumeric" }],
    });
    world.packages = { unasked: "the mirrors are away" };
    expect(await validate()).toEqual({ valid: true, problems: [], runtimes, unasked: "the mirrors are away" });
  });

  test("broken JSON names line and column; a hostile or huge document is refused", async () => {
    const { body } = await publish(mia, '{\n  "persona_id": oops }');
    expect(body).toMatchObject({ code: "invalid_persona" });
    expect(body.problems?.[0]?.path).toMatch(/^line 2, column/);
    expect((await publish(mia, '{"__proto__": {}}')).body.code).toBe("invalid_persona");
    expect((await publish(mia, " ".repeat(1_000_000))).body.problems?.[0]?.code).toBe("too_large");
    expect((await publish(mia, " ".repeat(3_000_000))).body.code).toBe("payload_too_large");
  });

  test("a promise that is not kept here has its own code", async () => {
    expect((await publish(mia, { ...PERSONA, access_controls: { install_packages: "user" } })).body.code).toBe("not_supported_here");
  });

  test("asks for no priority above the grant of the owning group, in no environment", async () => {
    const urgent = { ...PERSONA, environments: { staging: { priority: "urgent" }, production: {} } };
    const refused = await publish(mia, urgent);
    expect(refused.body).toMatchObject({
      code: "not_permitted",
      problems: [{ path: "$.environments.staging.priority", suggestion: "normal" }],
    });
    expect((await publish(mia, { ...PERSONA, priority: "high" })).body.problems).toMatchObject([{ path: "$.priority" }]);
    await world.repository.setGroupPriority("makers", "urgent", { at: 0, actor: "x", action: "x", target: "x", outcome: "done" });
    expect((await publish(mia, urgent)).status).toBe(201);
  });

  test("is for authors of the owning group, which never changes", async () => {
    await publish(mia, PERSONA);
    const sam = await world.account("sam", ["author"], ["sales"]);
    const refused = await publish(sam, { ...PERSONA, persona_name: "Mine" });
    expect(refused.body.code).toBe("not_permitted");
    expect(refused.text).not.toContain("makers");
    expect((await publish(sam, { ...PERSONA, persona_id: "new" }, { owner_group: "makers" })).body.code).toBe("not_permitted");
    expect((await publish(ann, PERSONA)).body.code).toBe("not_permitted");
    const max = await world.account("max", ["author"], ["makers", "sales"]);
    expect((await publish(max, { ...PERSONA, persona_name: "Moved" }, { owner_group: "sales" })).body.code).toBe("conflict");
    expect((await publish(max, { ...PERSONA, persona_id: "new" })).body).toMatchObject({
      code: "invalid",
      problems: [{ path: "$.owner_group" }],
    });
    expect((await publish(max, { ...PERSONA, persona_id: "new" }, { owner_group: "sales" })).body.owner_group).toBe("sales");
    expect(await world.repository.versions("tester")).toHaveLength(1);
  });
});

describe("looking", () => {
  test("a list has what one may see: the latest usable, else the newest with how far it is", async () => {
    await publish(mia, PERSONA);
    await world.repository.setBuild("tester", 1, { percent: 40, message: "fetching" });
    const list = async (token: string) => (await world.ask("GET", "/v1/personas", { token })).body.items;
    expect(await list(ann)).toMatchObject([{ persona_id: "tester", state: "building", build: { percent: 40, message: "fetching" } }]);
    await world.repository.setBuild("tester", 1, { state: "usable" });
    await publish(mia, { ...PERSONA, persona_name: "Two" });
    expect(await list(ann)).toMatchObject([{ version: 1, latest: true, applications: [{ application: "git" }], demand: { cpu: 500 } }]);
    expect(await list(await world.account("eve", ["user"], ["sales"]))).toEqual([]);
  });

  test("versions, the newest first; one with its definition; its log", async () => {
    await publish(mia, PERSONA);
    await publish(mia, { ...PERSONA, persona_name: "Two" });
    await world.repository.appendBuildLog("tester", 2, ["one", "two"]);
    const shown = await world.ask("GET", "/v1/personas/tester", { token: ann });
    expect(shown.body.versions).toMatchObject([{ version: 2 }, { version: 1 }]);
    expect((await world.ask("GET", "/v1/personas/tester/versions/latest", { token: ann })).body.code).toBe("persona_not_usable");
    expect((await world.ask("GET", "/v1/personas/tester/versions/2", { token: ann })).body.definition).toMatchObject({
      persona_name: "Two",
    });
    expect((await world.ask("GET", "/v1/personas/tester/versions/2/log", { token: ann })).body.lines).toEqual(["one", "two"]);
    for (const version of ["3", "0", "x"]) {
      expect((await world.ask("GET", `/v1/personas/tester/versions/${version}`, { token: ann })).body.code).toBe("not_found");
    }
  });

  test("rolling back moves what a request gets, to usable versions only", async () => {
    await publish(mia, PERSONA);
    await world.repository.setBuild("tester", 1, { state: "usable" });
    await publish(mia, { ...PERSONA, persona_name: "Two" });
    await world.repository.setBuild("tester", 2, { state: "usable" });
    const back = (version: number) => world.ask("POST", "/v1/personas/tester/rollback", { token: mia, body: { version } });
    expect((await back(1)).body).toMatchObject({ version: 1, latest: true });
    expect((await world.repository.version("tester"))?.version).toBe(1);
    expect((await back(9)).body).toMatchObject({
      code: "not_found",
      detail: "tester has no version 9. These can be rolled back to: 2, 1.",
      usable: [2, 1],
    });
    await publish(mia, { ...PERSONA, persona_name: "Three" });
    expect((await back(3)).body).toMatchObject({
      code: "persona_not_usable",
      detail: "Version 3 of tester never was usable: it is still being built. These can be rolled back to: 2, 1.",
      state: "building",
    });
    await world.repository.setBuild("tester", 3, { state: "build_failed", message: "no such package" });
    expect((await back(3)).body.detail).toContain("its build failed (no such package)");
  });
});
