// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of personas are written so
import type { FoundPackages, PersonaPreview } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, PERSONA, type World } from "./test-world.ts";

let world: World;
let mia: string;

beforeEach(async () => {
  world = await openWorld();
  mia = await world.account("mia", ["author"], ["makers", "analytics"]);
});
afterEach(() => world.close());

const SHOWN = {
  ...PERSONA,
  persona_id: "shown",
  parameters: { region: { type: "string", default: "EU" } },
  application_configuration: {
    variables: { REGION: "${parameter:region}" },
    files: { "~/r.json": { format: "json", merge: { a: 1 }, apply: "enforced" } },
  },
  environments: { staging: { resource_limits: { cpu: "1" } }, production: { application_configuration: { variables: { REGION: null } } } },
};

async function preview(document: object, owner_group?: string, token = mia) {
  const body = { document: JSON.stringify(document), ...(owner_group === undefined ? {} : { owner_group }) };
  const answer = await world.ask("POST", "/v1/personas/preview", { token, body });
  return { status: answer.status, code: answer.body.code, environments: (answer.body as unknown as PersonaPreview).environments };
}

test("a document is shown as each environment has it: what it may, takes, and brings", async () => {
  const { environments } = await preview(SHOWN, "analytics");
  const [staging, production] = environments;
  expect(environments.map(({ environment }) => environment)).toEqual(["staging", "production"]);
  expect(staging).toMatchObject({ variables: [{ name: "REGION", value: "EU" }], demand: { cpu: 500 }, problems: [] });
  expect(staging?.files.filter(({ apply }) => apply === "enforced")).toEqual([
    { path: "~/r.json", content: '{\n  "a": 1\n}\n', apply: "enforced" },
  ]);
  expect(production?.variables).toEqual([]);
  // What it may be resized to is told where that is more than it takes.
  expect(staging?.may).toContain("may be resized to 1 cpu");
  expect(production?.may.filter((sentence) => sentence.startsWith("may be resized"))).toEqual([]);
  expect(await world.repository.versions("shown")).toEqual([]);
});

test("what is not known before somebody asks is told with its place, and what is wrong refuses all of it", async () => {
  const asking = { ...SHOWN, parameters: { region: { type: "string" } } };
  const { environments } = await preview(asking);
  expect(environments[0]).toMatchObject({ variables: [], files: [], problems: [{ path: "$.parameters.region" }] });
  expect(environments[0]?.may).not.toEqual([]);
  expect((await preview({ ...SHOWN, required_applications: [] })).code).toBe("invalid_persona");
});

test("the owner that is shown is one of the caller's own groups: nobody learns whose a persona is", async () => {
  // Without groups of its own, its owner's may ask for it.
  const open = { ...PERSONA, access_controls: {} };
  const shown = async (group?: string, token?: string) =>
    (await preview(open, group, token)).environments[0]?.may.filter((sentence) => sentence.includes("by the group"));
  expect(await shown("analytics")).toEqual(["may be requested by the group analytics"]);
  expect(await shown("makers")).toEqual(["may be requested by the group makers"]);
  const one = ["may be requested by the group analytics", "may be requested by the group makers"];
  expect(one).toContain((await shown("strangers"))?.[0]);
  await world.usable();
  const sam = await world.account("sam", ["author"], ["sales"]);
  expect(await shown(undefined, sam)).toEqual(["may be requested by the group sales"]);
});

test("a document is looked at without its packages where that is asked for", async () => {
  const validate = (body: object) => world.ask("POST", "/v1/personas/validate", { token: mia, body });
  const document = JSON.stringify(PERSONA);
  expect((await validate({ document, packages: false })).body).toMatchObject({ valid: true, problems: [], unasked: expect.any(String) });
  expect(world.asked.filter(([what]) => what === "examine")).toEqual([]);
  expect((await validate({ document: "{}", packages: false })).body).toMatchObject({ valid: false });
  await validate({ document });
  expect(world.asked.filter(([what]) => what === "examine")).toHaveLength(1);
});

test("package lists are searched for authors alone, on the base that they name", async () => {
  const search = (body: object, token = mia) => world.ask("POST", "/v1/packages/search", { token, body });
  const { body } = await search({ text: "json", base: "debian-13" });
  expect((body as unknown as FoundPackages).packages).toEqual([{ manager: "apt", name: "json-tools", summary: "What it is." }]);
  expect(world.asked).toContainEqual(["search", "json", "debian-13"]);
  for (const wrong of [{ text: "j" }, { text: "x".repeat(101) }, { text: "json", base: "debian-1" }])
    expect((await search(wrong)).body.code).toBe("invalid");
  const ann = await world.account("ann", ["user"], ["makers"]);
  expect((await search({ text: "json" }, ann)).body.code).toBe("not_permitted");
  expect((await preview(SHOWN, undefined, ann)).code).toBe("not_permitted");
});
