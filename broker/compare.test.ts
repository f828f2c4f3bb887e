import type { PersonaDifference } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
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

const LARGER = { ...PERSONA, resource_requirements: { ...PERSONA.resource_requirements, cpu: "1" } };

async function compare(body: object, token = mia, persona = "tester") {
  const { status, body: answer } = await world.ask("POST", `/v1/personas/${persona}/difference`, { token, body });
  return { status, code: answer.code, difference: answer as unknown as PersonaDifference, problems: answer.problems };
}

test("versions are compared with each other, and the newest with the one before it", async () => {
  await world.usable();
  await world.usable(LARGER);
  const { difference } = await compare({});
  expect(difference).toMatchObject({ from: 1, to: 2, changes: [{ path: "$.resource_requirements.cpu", before: "500m", after: "1" }] });
  expect(difference.newly_may[0]).toMatchObject({ sentence: "takes 1 cpu (before: takes 0.5 cpu)", everywhere: true });
  expect((await compare({ from: 2, to: 1 })).difference.newly_may).toEqual([]);
  expect((await compare({ from: 7 })).code).toBe("not_found");
});

test("a document is compared with the version that a request gets; what is wrong with it is told", async () => {
  await world.usable();
  expect((await compare({})).code).toBe("invalid");
  const { difference } = await compare({ document: JSON.stringify(LARGER) });
  expect(difference).toMatchObject({ from: 1, changes: [{ after: "1" }] });
  expect(difference.to).toBeUndefined();
  expect((await compare({ document: "{" })).code).toBe("invalid_persona");
  const other = await compare({ document: JSON.stringify({ ...PERSONA, persona_id: "other" }) });
  expect([other.code, other.problems?.[0]?.path]).toEqual(["invalid_persona", "$.persona_id"]);
  expect((await compare({ to: 1, document: "{}" })).code).toBe("invalid");
  expect(await world.repository.versions("tester")).toHaveLength(1);
});

test("only authors who see the persona compare it, and only authors see the catalog", async () => {
  await world.usable();
  expect((await compare({ from: 1, to: 1 }, ann)).code).toBe("not_permitted");
  const stranger = await world.account("sam", ["author"], ["sales"]);
  expect((await compare({ from: 1, to: 1 }, stranger)).code).toBe("not_found");
  expect((await world.ask("GET", "/v1/catalog", { token: ann })).body.code).toBe("not_permitted");
  const { body } = await world.ask("GET", "/v1/catalog", { token: mia });
  const { applications, default_environment } = body as unknown as {
    applications: { application: string; settings: object }[];
    default_environment: string;
  };
  expect(default_environment).toBe("staging");
  const jupyter = applications.find(({ application }) => application === "jupyterlab");
  expect(jupyter?.settings).toMatchObject({ theme: { type: "string", enum: expect.arrayContaining(["dark"]) } });
});
