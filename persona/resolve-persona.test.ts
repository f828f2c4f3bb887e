// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of personas are written so
import { DIMENSIONS, type PersonaDefinition } from "@guise/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ResolutionRequest, resolvePersona } from "./resolve-persona.ts";
import { testContext } from "./test-context.ts";
import { withChange } from "./test-problems.ts";
import { validatePersona } from "./validate-persona.ts";

const context = { ...(await testContext()), person: { account: "ann" } };

function definitionWith(change: unknown): PersonaDefinition {
  const { definition, problems } = validatePersona(withChange(change), context);
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return definition;
}

type Asked = Partial<Pick<ResolutionRequest, "environment" | "parameters" | "person" | "browser">>;

function resolved(definition: PersonaDefinition, request: Asked = {}) {
  const { persona, problems } = resolvePersona(definition, { ...context, ...request });
  if (persona === undefined) throw new Error(JSON.stringify(problems));
  return persona;
}

function problemsOf(definition: PersonaDefinition, request: Asked) {
  return resolvePersona(definition, { ...context, ...request }).problems?.map(({ code, path, suggestion }) => [code, path, suggestion]);
}

const RICH = {
  parameters: { region: { type: "string", default: "EU" }, border: { type: "integer", minimum: 0, maximum: 5, default: 1 } },
  required_applications: ["ripgrep", "psql", "pip:polars==1.*", "apt:jq", "jupyterlab"],
  application_configuration: {
    psql: { services: { here: { host: "db", application_name: "report ${parameter:region}" } }, border: "${parameter:border}" },
    variables: { REGION: "${parameter:region}", DATA: "${data_source:sample-sales}/sales.csv", NOTES: "~/notes", SHELLISH: "$${HOME}" },
    files: {
      "~/r.json": { format: "json", merge: { n: "${parameter:border}", text: "b${parameter:border}" }, mode: "0600", apply: "enforced" },
    },
  },
  environments: {
    staging: { application_configuration: { variables: { REGION: null, STAGE: "s" } }, priority: "low", preemption: "never" },
    production: {
      resource_requirements: { network_bandwidth: { ingress: "1Mbit", egress: "2Mbit" } },
      stop_grace: "3s",
      lifetime: { maximum: "2h" },
    },
  },
  access_controls: {
    data_sources: [{ source: "sample-sales" }],
    groups: ["analytics"],
    network: { egress: ["192.31.196.7:443", "[2620:4f:8000::/48]:*/udp"] },
  },
};

test("settings, parameters and the overlay of the environment end in files and variables", () => {
  const persona = resolved(definitionWith(RICH), { environment: "staging", parameters: { border: 2 } });
  expect(persona.variables).toMatchObject({
    STAGE: "s",
    DATA: "/data/sample-sales/sales.csv",
    NOTES: "/home/user/notes",
    SHELLISH: "${HOME}",
  });
  expect(persona.variables).not.toHaveProperty("REGION");
  expect(persona.parameters).toEqual({ region: "EU", border: 2 });
  const files = new Map(persona.files.map((file) => [file.path, file]));
  expect(files.get("~/.pg_service.conf")?.content).toBe("[here]\nhost=db\napplication_name=report EU\n");
  expect(files.get("~/.psqlrc")?.content).toContain("\\pset border 2\n");
  expect(files.get("~/r.json")).toMatchObject({ mode: 0o600, apply: "enforced" });
  expect(JSON.parse(files.get("~/r.json")?.content ?? "")).toEqual({ n: 2, text: "b2" });
  expect(persona).toMatchObject({
    environment: "staging",
    priority: "low",
    stopGrace: 10_000,
    maximumLifetime: undefined,
  });
});

test("quantities are whole numbers, access is as listed, and the default environment is the installation's", () => {
  const persona = resolved(definitionWith(RICH));
  expect(persona).toMatchObject({
    environment: "production",
    demand: { cpu: 500, ram: 256 * 2 ** 20, storage: 64 * 2 ** 20, ingress: 1e6, egress: 2e6 },
    stopGrace: 3000,
    maximumLifetime: 7_200_000,
    groups: ["analytics"],
    dataSources: [{ source: "sample-sales", access: "read", mount: "/data/sample-sales" }],
    egress: [
      { cidr: "192.31.196.7/32", protocol: "tcp", port: 443 },
      { cidr: "2620:4f:8000::/48", protocol: "udp", port: null },
    ],
  });
});

test("an application with windows brings a display, one layer for all", () => {
  const layersOf = (over: object) => resolved(definitionWith(over)).layers.map(({ manager }) => manager);
  const applications = { viewer: { kind: "desktop", command: ["viewer"] }, other: { kind: "desktop", command: ["other"] } };
  expect(layersOf({ applications })).toEqual(["display", ...layersOf({})]);
});

test("layers stand in the catalog's order, packages outside it last, whatever the persona's order", () => {
  const layers = resolved(definitionWith(RICH)).layers;
  expect(layers.map(({ application }) => application)).toEqual(["psql", "ripgrep", "jupyterlab", "apt:jq", "pip:polars"]);
  expect(layers.at(-1)).toEqual({ application: "pip:polars", manager: "pip", packages: ["polars==1.*"] });
  fc.assert(
    fc.property(
      fc.shuffledSubarray(RICH.required_applications, { minLength: RICH.required_applications.length }),
      (required_applications) => {
        expect(resolved(definitionWith({ ...RICH, required_applications })).layers).toEqual(layers);
      },
    ),
    { numRuns: 10 },
  );
});

test("who asks is in all values; what is not known of the person is told with its place, and never left empty", () => {
  const definition = definitionWith({
    ...RICH,
    application_configuration: {
      variables: { WHO: "${person:name} <${person:email}>", LOGIN: "${account}", TEXT: "$${account} $${HOME} $${" },
      files: {
        "~/me.json": { format: "json", merge: { user: ["${person:email}"] } },
        "~/me": { format: "text", content: "${account}\n" },
      },
    },
  });
  const ann = { account: "ann", name: "Ann O'Hara", email: "ann@example.org" };
  const { variables, files } = resolved(definition, { person: ann });
  expect(variables).toMatchObject({ WHO: "Ann O'Hara <ann@example.org>", LOGIN: "ann", TEXT: "${account} ${HOME} ${" });
  const own = files.filter(({ path }) => path.startsWith("~/me"));
  expect(own.map(({ content }) => content)).toEqual(['{\n  "user": [\n    "ann@example.org"\n  ]\n}\n', "ann\n"]);
  expect(problemsOf(definition, { person: { account: "ann" } })).toEqual([
    ["missing", "$.application_configuration.variables.WHO", undefined],
    ["missing", '$.application_configuration.files["~/me.json"].merge.user[0]', undefined],
  ]);
  expect(resolved(definition, { person: { account: "ann", email: "a@b" } }).variables.WHO).toBe("ann <a@b>");
});

test("a name in values is a value: nothing in it is looked up again, and a setting takes only what it may be", () => {
  const definition = definitionWith({ ...RICH, application_configuration: { variables: { A: "${person:name}" } } });
  expect(resolved(definition, { person: { account: "a", name: "${account}" } }).variables.A).toBe("${account}");
  expect(problemsOf(definition, { person: { account: "a", name: "x\u202ey" } })).toEqual([
    ["wrong_value", "$.application_configuration.variables.A", undefined],
  ]);
});

test("a doubled dollar stands for the text itself", () => {
  const variables = { A: "$${localEnv:USER} of ${parameter:region}", B: "$${parameter:region}" };
  const definition = definitionWith({ ...RICH, application_configuration: { variables } });
  expect(resolved(definition).variables).toMatchObject({ A: "${localEnv:USER} of EU", B: "${parameter:region}" });
});

test("a value that looks like a reference is checked as what it is", () => {
  const asked = { parameters: { mode: { type: "string", default: "auto" } } };
  const definition = definitionWith({ ...asked, application_configuration: { psql: { expanded: "${parameter:mode}" } } });
  expect(problemsOf(definition, { parameters: { mode: "${parameter:mode}" } })).toEqual([
    ["wrong_value", "$.application_configuration.psql.expanded", undefined],
  ]);
});

test("a web application says where it listens", () => {
  const jupyterlab = resolved(definitionWith(RICH)).applications.find(({ application }) => application === "jupyterlab");
  expect(jupyterlab).toMatchObject({ kind: "web", web: { port: 8888, path: "/", readyPath: "/api", within: 120_000 } });
});

const ASKING = {
  parameters: {
    day: { type: "string", pattern: "[0-9]{4}-[0-9]{2}" },
    count: { type: "integer", minimum: 1, maximum: 9 },
    final: { type: "boolean", default: false },
  },
  application_configuration: { psql: { border: "${parameter:count}" }, variables: { DAY: "${parameter:day}" } },
};

test("each missing, unknown and ill-typed parameter is named", () => {
  const definition = definitionWith(ASKING);
  expect(problemsOf(definition, {})).toEqual([
    ["missing", "$.parameters.day", undefined],
    ["missing", "$.parameters.count", undefined],
  ]);
  expect(problemsOf(definition, { parameters: { dya: "2026-01", day: "2026-1", count: "many", final: "perhaps" } })).toEqual([
    ["unknown_name", "$.parameters.dya", "day"],
    ["wrong_value", "$.parameters.day", undefined],
    ["wrong_type", "$.parameters.count", undefined],
    ["wrong_type", "$.parameters.final", undefined],
  ]);
  expect(problemsOf(definition, { parameters: { day: "2026-01\nX=1", count: 1 } })).toEqual([
    ["wrong_value", "$.parameters.day", undefined],
  ]);
  expect(problemsOf(definition, { parameters: JSON.parse('{"__proto__": 1, "day": "2026-01", "count": 1}') })).toEqual([
    ["unknown_name", "$.parameters.__proto__", undefined],
  ]);
});

test("texts of a command line become the numbers and booleans that are asked for", () => {
  expect(resolved(definitionWith(ASKING), { parameters: { day: "2026-01", count: "2", final: "true" } }).parameters).toEqual({
    day: "2026-01",
    count: 2,
    final: true,
  });
});

test("a value that the setting refuses is a problem of the setting", () => {
  expect(problemsOf(definitionWith(ASKING), { parameters: { day: "2026-01", count: 7 } })).toEqual([
    ["wrong_value", "$.application_configuration.psql.border", "2"],
  ]);
});

test("neither one parameter nor all files together grow without bound", () => {
  const content = "${parameter:region}".repeat(2000);
  const definition = definitionWith({ ...RICH, application_configuration: { files: { "~/big": { format: "text", content } } } });
  expect(problemsOf(definition, { parameters: { region: "x".repeat(1025) } })).toEqual([["too_large", "$.parameters.region", undefined]]);
  expect(problemsOf(definition, { parameters: { region: "x".repeat(1024) } })).toEqual([
    ["too_large", "$.application_configuration", undefined],
  ]);
});

test("an environment that the persona does not have is answered with the nearest", () => {
  expect(problemsOf(definitionWith(RICH), { environment: "stagin" })).toEqual([["unknown_name", "$.environment", "staging"]]);
  expect(problemsOf(definitionWith({}), { environment: "constructor" })).toEqual([["unknown_name", "$.environment", undefined]]);
});

test("what the installation lost since publication is found at the request", () => {
  const definition = definitionWith({ ...RICH, access_controls: { ...RICH.access_controls, network: { egress: ["10.20.0.5:5432"] } } });
  const poorer = { ...context, installation: { ...context.installation, dataSources: [], openedRanges: [] } };
  expect(resolvePersona(definition, poorer).problems?.map(({ code }) => code)).toEqual(["not_permitted", "source_not_registered"]);
});

test("whatever text a parameter has, it stays one value: no line, section or setting more", () => {
  const definition = definitionWith(RICH);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (region) => {
      const { persona, problems } = resolvePersona(definition, { ...context, parameters: { region } });
      if (persona === undefined) {
        expect(problems.length).toBeGreaterThan(0);
        return;
      }
      expect(persona.variables.REGION).toBe(region.startsWith("~/") || region === "~" ? `/home/user${region.slice(1)}` : region);
      const service = persona.files.find(({ path }) => path === "~/.pg_service.conf")?.content.split("\n");
      expect(service).toEqual(["[here]", "host=db", `application_name=report ${region}`, ""]);
    }),
    { numRuns: 60 },
  );
});

test("resolution gives the same for the same, and demands are whole and positive", () => {
  const amount = fc.integer({ min: 32, max: 4096 });
  fc.assert(
    fc.property(amount, amount, amount, (cpu, size, rate) => {
      const resource_requirements = { cpu: `${cpu}m`, ram: `${size}Mi`, storage: `${size}Mi`, network_bandwidth: `${rate}kbit` };
      const definition = definitionWith({ resource_requirements });
      const { demand } = resolved(definition);
      expect(resolved(definition).demand).toEqual(demand);
      expect(demand).toEqual({ cpu, ram: size * 2 ** 20, storage: size * 2 ** 20, ingress: rate * 1000, egress: rate * 1000 });
      for (const dimension of DIMENSIONS) expect(Number.isSafeInteger(demand[dimension])).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("language and time zone are the person's own, else the persona's; what is none counts as not said", () => {
  const plain = definitionWith({});
  const chosen = definitionWith({ locale: "de-AT.UTF-8", time_zone: "Europe/Vienna", runtimes: { node: 20 } });
  const of = (definition: PersonaDefinition, browser = {}) => {
    const { locale, timeZone } = resolved(definition, { browser });
    return [locale, timeZone];
  };
  expect(of(plain)).toEqual([undefined, undefined]);
  expect(of(plain, { locale: "fr", timeZone: "Asia/Tokyo" })).toEqual(["fr_FR", "Asia/Tokyo"]);
  expect(of(chosen)).toEqual(["de_AT", "Europe/Vienna"]);
  expect(of(chosen, { locale: "zh-Hant-TW", timeZone: "US/Eastern" })).toEqual(["zh_TW", "US/Eastern"]);
  expect(of(chosen, { locale: "tlh", timeZone: "../etc/passwd" })).toEqual(["de_AT", "Europe/Vienna"]);
  expect(of(chosen, { locale: "\u0000", timeZone: "Etc/Unknown" })).toEqual(["de_AT", "Europe/Vienna"]);
});

test("what is chosen of the system is a layer of its own, after all packages", () => {
  const { layers } = resolved(definitionWith({ locale: "sr_RS@latin", runtimes: { node: 20 } }));
  expect(layers.slice(-2)).toEqual([
    { application: "node", manager: "node", packages: ["20"] },
    { application: "locale", manager: "locale", packages: ["sr_RS@latin"] },
  ]);
});

test("an application of the persona's own is launched as one of the catalog; what was not said has its usual value", () => {
  const preview = { kind: "web", command: ["npx", "vite"], port: 5173, working_directory: "~/site", variables: { CACHE: "~/cache", N: 1 } };
  const definition = definitionWith({
    applications: { preview, notes: { kind: "terminal", command: ["~/bin/notes"], name: "Notes" } },
    launch: ["preview"],
  });
  const own = resolved(definition).applications.filter(({ isOwn }) => isOwn);
  expect(own).toEqual([
    {
      ...{ application: "preview", name: "preview", kind: "web", command: ["npx", "vite"], workingDirectory: "~/site", seccomp: "strict" },
      variables: { CACHE: "/home/user/cache", N: "1" },
      web: { port: 5173, path: "/", readyPath: "/", within: 60_000 },
      isOwn: true,
    },
    expect.objectContaining({ application: "notes", name: "Notes", kind: "terminal", web: undefined }),
  ]);
});

test("a persona's base and the gaps that it accepts are its image's", () => {
  const definition = definitionWith({
    ...{ base: "debian-13", required_applications: ["npm:sharp", "apt:jq"] },
    ...{ accepted_gaps: ["npm:@img/x", "npm:sharp", "npm:sharp"], application_configuration: {}, launch: [] },
  });
  const { base, layers } = resolved(definition);
  expect([base, layers.map(({ manager, accepts }) => [manager, accepts])]).toEqual([
    "debian-13",
    [
      ["apt", undefined],
      ["npm", ["@img/x", "sharp"]],
    ],
  ]);
  expect(resolved(definitionWith({})).base).toBeUndefined();
});
