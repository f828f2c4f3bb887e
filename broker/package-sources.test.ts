import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLogin } from "#access";
import { openWorld, type World } from "./test-world.ts";

const KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----\n";
const APT = {
  ...{ source: "tools", manager: "apt", url: "https://packages.example.com/debian", suites: ["stable"], components: ["main"], key: KEY },
  groups: ["analytics"],
};
const ASKS = {
  required_applications: ["apt:jq"],
  resource_requirements: { cpu: "1", ram: "1Gi", storage: "1Gi", network_bandwidth: "1Mbit" },
};
const SECRET = "s3cret-of-the-index";
const PIP = {
  ...{ source: "internal", manager: "pip", url: "https://pypi.example.com/simple/", groups: ["*"] },
  login: { username: "build", password: SECRET },
};

let world: World;
let olga: string;

beforeEach(async () => {
  world = await openWorld();
  olga = await world.account("olga", ["operator"]);
});
afterEach(() => world.close());

const add = (body: object, token = olga) => world.ask("POST", "/v1/package-sources", { token, body });

describe("what opens a source", () => {
  test("is in no answer, no audit, no log, and in the database only sealed", async () => {
    const made = await add(PIP);
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...{ source: "internal", manager: "pip", url: "https://pypi.example.com/simple/", groups: ["*"] },
        ...{ files: [], suites: [], components: [], scopes: [], has_login: true },
      },
    ]);
    const changed = await world.ask("PATCH", "/v1/package-sources/internal", { token: olga, body: { login: { token: `${SECRET}-2` } } });
    expect(changed.body).toMatchObject({ has_login: true });
    const rows = await world.repository.packageSources();
    const seen = [made.body, changed.body, (await world.ask("GET", "/v1/package-sources", { token: olga })).body, rows, world.logged];
    expect(JSON.stringify([...seen, await world.repository.auditEntries(0, 100)])).not.toContain(SECRET);
    expect(await openLogin(world.sealing, "internal", rows[0]?.login ?? "")).toEqual({ token: `${SECRET}-2` });
    // It opens this source alone.
    expect(await openLogin(world.sealing, "tools", rows[0]?.login ?? "")).toBeUndefined();
    const opened = await world.ask("PATCH", "/v1/package-sources/internal", { token: olga, body: { login: null } });
    expect(opened.body).toMatchObject({ has_login: false });
  });

  test("is not repeated where the request is wrong", async () => {
    for (const body of [
      { ...PIP, login: { username: "build", password: `${SECRET} with a blank` } },
      { ...PIP, url: `https://build:${SECRET}@pypi.example.com/simple` },
      { ...PIP, source: "No name" },
    ]) {
      const { status, body: answer } = await add(body);
      expect(status).toBe(400);
      expect(JSON.stringify([answer, world.logged])).not.toContain(SECRET);
    }
  });
});

test.each([
  [{ ...APT, key: undefined }, "$.key", "unsigned ones are not taken"],
  [{ ...APT, key: "nothing" }, "$.key", "no OpenPGP key"],
  [{ ...APT, suites: undefined }, "$.suites", "has suites"],
  [{ ...APT, components: undefined }, "$.components", "components"],
  [{ ...APT, login: { token: "t0ken" } }, "$.login", "name and a password"],
  [{ ...APT, scopes: ["@acme"] }, "$.scopes", "npm sources"],
  [{ ...PIP, suites: ["stable"] }, "$.suites", "apt sources alone"],
  [{ ...PIP, url: "http://pypi.example.com/simple" }, "$.url", "take https"],
  [{ ...PIP, url: "file:///srv/simple" }, "$.url", "https://"],
  [{ ...PIP, url: "https://127.0.0.1:8080/simple" }, "$.url", "something else where images are built"],
  [{ ...PIP, url: "https://169.254.169.254/simple" }, "$.url", "something else where images are built"],
  [{ ...PIP, url: "https://pypi.example.com/simple?token=x" }, "$.url", "? or #"],
  [{ ...PIP, url: "https://pypi.example.com/a b" }, "$.url", "blank"],
  [{ ...PIP, groups: ["analytic"] }, "$.groups[0]", "no group analytic"],
  [{ ...PIP, groups: [] }, "$.groups", ""],
  [{ ...PIP, manager: "npm", scopes: ["acme"] }, "$.scopes[0]", "no scope"],
  [{ ...PIP, login: { username: "a:b", password: SECRET } }, "$.login.username", "colon"],
  [{ ...PIP, login: { token: "abc" } }, "$.login.token", "less than 4"],
])("%o is refused at its place", async (body, path, words) => {
  const answer = await add(body);
  expect(answer.body).toMatchObject({ code: "invalid" });
  const problems = answer.body.problems as readonly { path: string; message: string }[];
  expect(problems.map((problem) => problem.path)).toContain(path);
  expect(problems.map(({ message }) => message).join()).toContain(words);
  expect(await world.repository.packageSources()).toEqual([]);
});

test("what is changed must fit the source that it is", async () => {
  await add(APT);
  await add({ ...APT, source: "plain", url: "http://packages.example.com/debian" });
  await add(PIP);
  const change = async (source: string, body: object) =>
    (await world.ask("PATCH", `/v1/package-sources/${source}`, { token: olga, body })).body;
  for (const [source, body, path] of [
    ["tools", { login: { token: "t0ken" } }, "$.login"],
    ["tools", { key: "nothing" }, "$.key"],
    ["plain", { login: { username: "ada", password: SECRET } }, "$.url"],
    ["internal", { key: KEY }, "$.key"],
  ] as const)
    expect([source, await change(source, body)]).toMatchObject([source, { code: "invalid", problems: [{ path }] }]);
  expect((await world.repository.packageSources()).map(({ source, login }) => [source, login !== undefined])).toEqual([
    ["internal", true],
    ["plain", false],
    ["tools", false],
  ]);
  expect(await change("tools", { key: KEY, groups: ["sales"] })).toMatchObject({ groups: ["sales"] });
});

test("authors see those of their groups, and operators all; only operators change them", async () => {
  await add(APT);
  await add(PIP);
  const names = async (token: string) =>
    ((await world.ask("GET", "/v1/package-sources", { token })).body.items as readonly { source: string }[]).map(({ source }) => source);
  const author = await world.account("ann", ["author"], ["analytics"]);
  const other = await world.account("otto", ["author"], ["sales"]);
  expect([await names(olga), await names(author), await names(other)]).toEqual([
    ["internal", "tools"],
    ["internal", "tools"],
    ["internal"],
  ]);
  expect((await add({ ...PIP, source: "more" }, author)).body.code).toBe("not_permitted");
  expect((await add(PIP)).body.code).toBe("conflict");
  expect((await world.ask("DELETE", "/v1/package-sources/tools", { token: olga })).status).toBe(204);
  expect((await world.ask("DELETE", "/v1/package-sources/tools", { token: olga })).body.code).toBe("not_found");
  expect((await world.ask("PATCH", "/v1/package-sources/tools", { token: olga, body: { groups: ["sales"] } })).body.code).toBe("not_found");
});

test("a persona is examined with the sources that are for its group and for all who may ask for it", async () => {
  await add(APT);
  await add({ ...PIP, groups: ["analytics", "sales"] });
  const author = await world.account("ann", ["author"], ["analytics"]);
  let said = "";
  const examined = async (access?: object) => {
    const persona = { persona_id: "p", persona_name: "P", ...ASKS, ...(access && { access_controls: access }) };
    const answer = await world.ask("POST", "/v1/personas/validate", { token: author, body: { document: JSON.stringify(persona) } });
    said = JSON.stringify(answer.body);
    return world.asked.at(-1);
  };
  expect(await examined()).toEqual(["examine", ["internal", "tools"]]);
  expect(await examined({ groups: ["analytics", "sales"] })).toEqual(["examine", ["internal"]]);
  const missing = [{ manager: "apt", argument: "jq", nearest: undefined }] as const;
  world.packages = { found: { missing, unresolved: undefined, asked: { apt: ["deb.example.com"] } } };
  expect(await examined({ groups: ["makers"] })).toEqual(["examine", []]);
  expect(said).toContain("tools is for analytics alone, and others may ask for this persona");
  world.packages = {};
  // Nobody looks through somebody else's sources.
  const stranger = await world.account("otto", ["author"], ["makers"]);
  const document = JSON.stringify({ persona_id: "q", persona_name: "Q", ...ASKS });
  await world.ask("POST", "/v1/personas/validate", { token: stranger, body: { document, owner_group: "analytics" } });
  expect(world.asked.at(-1)).toEqual(["examine", []]);
});
