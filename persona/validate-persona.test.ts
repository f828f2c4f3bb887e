// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of personas are written so
import { expect, test } from "vitest";
import { mergePatch } from "./merge-patch.ts";
import { LEAST, testContext } from "./test-context.ts";
import { problemsWith } from "./test-problems.ts";
import { validatePersona } from "./validate-persona.ts";

const context = await testContext();

test("the least persona is one", () => {
  expect(validatePersona(LEAST, context)).toEqual({ definition: LEAST });
});

test("a wrong application, a wrong setting, a wrong unit and an unknown field are four problems in one answer", () => {
  const change = {
    required_applications: ["jupyterlb"],
    application_configuration: { jupyterlab: { theme: "drak" } },
    resource_requirements: { ram: "4GB" },
    prioritty: "high",
  };
  expect(problemsWith(change, context).sort()).toEqual([
    "unknown_field $.prioritty → priority",
    "unknown_name $.required_applications[0] → jupyterlab",
    "wrong_value $.application_configuration.jupyterlab.theme → dark",
    "wrong_value $.resource_requirements.ram",
  ]);
});

test("a wrong unit says what is expected", () => {
  const { problems } = validatePersona(mergePatch(LEAST, { resource_requirements: { network_bandwidth: "10MB" } }), context);
  expect(problems?.[0]?.message).toContain("50Mbit");
});

test("a value of the wrong type is answered with what the schema says of its place", () => {
  const { problems } = validatePersona(mergePatch(LEAST, { resource_requirements: { ram: 4 } }), context);
  expect(problems).toEqual([{ path: "$.resource_requirements.ram", code: "wrong_type", message: '4 is not a text; Bytes: "4Gi".' }]);
});

test("each environment is checked as a whole, and what is wrong already in the base is said once", () => {
  const environments = {
    staging: { resource_requirements: null, launch: ["psq"], persona_id: "other" },
    production: { resource_requirements: { cpu: "many", ram: null }, acess_controls: {} },
    fine: { description: "Fine" },
  };
  expect(problemsWith({ environments, lifetime: { idle: "5m" } }, context)).toEqual([
    "wrong_value $.environments.staging.persona_id",
    "missing $.environments.staging.resource_requirements",
    "unknown_name $.environments.staging.launch[0] → psql",
    "missing $.environments.production.resource_requirements.ram",
    "unknown_field $.environments.production.acess_controls → access_controls",
    "wrong_value $.environments.production.resource_requirements.cpu",
  ]);
});

test("a persona that uses the whole language is refused for what is not kept yet, and for nothing else", () => {
  const change = {
    parameters: { region: { type: "string", default: "EU", description: "Sales region" } },
    required_applications: ["jupyterlab", "psql", "apt:gnumeric", "pip:polars==1.*"],
    application_configuration: {
      jupyterlab: { theme: "dark", default_path: "~/work" },
      variables: { REPORT_REGION: "${parameter:region}", SALES: "${data_source:sample-sales}" },
      files: { "~/.config/pgcli/config": { format: "ini", merge: { main: { keyring: false } } } },
    },
    launch: ["jupyterlab"],
    environments: {
      staging: { application_configuration: { variables: { REPORT_BUCKET: "reports-staging" } } },
      production: { access_controls: { groups: ["analytics-leads"] } },
    },
    resource_limits: { cpu: "4", ram: "8Gi" },
    access_controls: {
      groups: ["analytics"],
      data_sources: [{ source: "sample-sales", access: "read" }],
      network: { egress: ["reports.example.com:443", "10.20.0.0/16:5432"] },
      clipboard: "both",
      file_transfer: "both",
      install_packages: "none",
      devices: [],
    },
    ...{ priority: "normal", preemption: "allow", stop_grace: "30s", lifetime: { idle: "30m", maximum: "12h", home: "keep" } },
    checks: [{ run: "psql -c 'select 1'", expect: { exit: 0 } }],
  };
  expect(problemsWith(change, context)).toEqual(["not_supported_here $.access_controls.network.egress[0]"]);
});

test("hostile documents are refused before anything else looks at them", () => {
  const paths = (document: unknown) => validatePersona(document, context).problems?.map(({ path }) => path);
  expect(paths(JSON.parse('{"environments": {"a": {"__proto__": {"x": 1}}}}'))).toEqual(["$.environments.a.__proto__"]);
  expect(paths(JSON.parse(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`))).toHaveLength(1);
  for (const document of [null, 7, "x", [], [[]]]) expect(paths(document)).toEqual(["$"]);
});

test("a document full of errors is answered with the first of them", () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field_${index}`, index]));
  expect(validatePersona({ ...LEAST, ...many }, context).problems).toHaveLength(200);
});

test("what is looked through for each environment has a most", () => {
  const members = (count: number, value: unknown) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, value]));
  const most = (change: object) => validatePersona({ ...LEAST, ...change }, context).problems?.map(({ code, path }) => `${code} ${path}`);
  expect(most({ environments: members(20, {}) })).toBeUndefined();
  expect(most({ environments: members(21, {}) })).toEqual(["too_large $.environments"]);
  expect(most({ application_configuration: { variables: members(501, "x") } })).toEqual([
    "too_large $.application_configuration.variables",
  ]);
  expect(most({ application_configuration: { psql: { services: members(201, { host: "x" }) } } })).toEqual([
    "too_large $.application_configuration.psql.services",
  ]);
});

test("messages cannot forge a terminal's output", () => {
  const { problems } = validatePersona(mergePatch(LEAST, { "evil\u001b[2J\u202e": 1 }), context);
  expect(problems).toHaveLength(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  for (const text of Object.values(problems?.[0] ?? {})) expect(text).not.toMatch(/[\u0000-\u001f\u202e]/);
});
