// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of personas are written so
import { expect, test } from "vitest";
import { mergePatch } from "./merge-patch.ts";
import { LEAST, testContext } from "./test-context.ts";
import { validatePersona } from "./validate-persona.ts";

const context = await testContext();

/** Overlays keep their nulls: they are patches themselves. */
function withChange(change: unknown): unknown {
  const { environments, ...rest } = change as { environments?: unknown };
  const document = mergePatch(LEAST, rest) as Record<string, unknown>;
  return environments === undefined ? document : { ...document, environments };
}

/** Problems of the least persona with a change: code, path and suggestion. */
function problemsWith(change: unknown): string[] {
  const { problems } = validatePersona(withChange(change), context);
  return (problems ?? []).map(({ code, path, suggestion }) =>
    suggestion === undefined ? `${code} ${path}` : `${code} ${path} → ${suggestion}`,
  );
}

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
  expect(problemsWith(change).sort()).toEqual([
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

const PROBLEMS: readonly [what: string, change: unknown, problems: readonly string[]][] = [
  ["no name", { persona_name: null }, ["missing $.persona_name"]],
  ["a number for a name", { persona_name: 7 }, ["wrong_type $.persona_name"]],
  ["a name with a hidden character", { persona_name: "a\u202eb" }, ["wrong_value $.persona_name"]],
  ["an id in capitals", { persona_id: "Data" }, ["wrong_value $.persona_id"]],
  ["no applications", { required_applications: [] }, ["wrong_value $.required_applications"]],
  ["an application twice", { required_applications: ["psql", "apt:jq", "apt:jq=1"] }, ["wrong_value $.required_applications[2]"]],
  ["a package that is a URL", { required_applications: ["pip:https://x.example/y.whl"] }, ["wrong_value $.required_applications[0]"]],
  ["a nested unknown field", { access_controls: { netwrok: {} } }, ["unknown_field $.access_controls.netwrok → network"]],
  ["cpu in a wrong unit", { resource_requirements: { cpu: "2 cores" } }, ["wrong_value $.resource_requirements.cpu"]],
  [
    "bandwidth each way, one wrong",
    { resource_requirements: { network_bandwidth: { ingress: "1Mbit", egress: "fast" } } },
    ["wrong_value $.resource_requirements.network_bandwidth.egress"],
  ],
  ["a wrong priority", { priority: "hihg" }, ["wrong_value $.priority → high"]],
  ["a wrong duration", { lifetime: { maximum: "12 hours" } }, ["wrong_value $.lifetime.maximum"]],
  [
    "settings of an application that is not required",
    { application_configuration: { git: {} } },
    ["unknown_name $.application_configuration.git"],
  ],
  [
    "settings of a package outside the catalog",
    { required_applications: ["apt:jq"], application_configuration: { jq: {} } },
    ["unknown_name $.application_configuration.jq"],
  ],
  [
    "a variable that Guise sets",
    { application_configuration: { variables: { HOME: "/x", GUISE_X: "1" } } },
    ["wrong_value $.application_configuration.variables.HOME", "wrong_value $.application_configuration.variables.GUISE_X"],
  ],
  [
    "a wrong variable name",
    { application_configuration: { variables: { "A-B": "x" } } },
    ["wrong_value $.application_configuration.variables.A-B"],
  ],
  [
    "a file outside",
    { application_configuration: { files: { "/etc/x": { format: "text", content: "" } } } },
    ['wrong_value $.application_configuration.files["/etc/x"]'],
  ],
  [
    "a file above",
    { application_configuration: { files: { "~/../x": { format: "text", content: "" } } } },
    ['wrong_value $.application_configuration.files["~/../x"]'],
  ],
  [
    "a file of Guise",
    { application_configuration: { files: { "/run/guise/env": { format: "text", content: "" } } } },
    ['wrong_value $.application_configuration.files["/run/guise/env"]'],
  ],
  [
    "a text without content",
    { application_configuration: { files: { "~/x": { format: "text" } } } },
    ['missing $.application_configuration.files["~/x"].content'],
  ],
  [
    "a tree that the format cannot hold",
    { application_configuration: { files: { "~/x": { format: "ini", merge: { a: "b\nc" } } } } },
    ['wrong_value $.application_configuration.files["~/x"]'],
  ],
  [
    "a file in another format than its application's",
    {
      application_configuration: {
        files: { "~/.pg_service.conf": { format: "json", merge: {} } },
        psql: { services: { a: { host: "x" } } },
      },
    },
    ['wrong_value $.application_configuration.files["~/.pg_service.conf"]'],
  ],
  ["a launch of something else", { launch: ["psq"] }, ["unknown_name $.launch[0] → psql"]],
  ["a launch of a command", { required_applications: ["git"], launch: ["git"] }, ["wrong_value $.launch[0]"]],
  [
    "a source that is not registered",
    { access_controls: { data_sources: [{ source: "sample-sale" }] } },
    ["source_not_registered $.access_controls.data_sources[0].source → sample-sales"],
  ],
  [
    "writing to what is read only",
    { access_controls: { data_sources: [{ source: "sample-sales", access: "write" }] } },
    ["not_permitted $.access_controls.data_sources[0].access → read"],
  ],
  [
    "a host in egress",
    { access_controls: { network: { egress: ["x.example:443"] } } },
    ["not_supported_here $.access_controls.network.egress[0]"],
  ],
  ["limits on the clipboard", { access_controls: { clipboard: "in" } }, ["not_supported_here $.access_controls.clipboard → both"]],
  ["limits on files", { access_controls: { file_transfer: "none" } }, ["not_supported_here $.access_controls.file_transfer → both"]],
  [
    "installing packages",
    { access_controls: { install_packages: "user" } },
    ["not_supported_here $.access_controls.install_packages → none"],
  ],
  ["devices", { access_controls: { devices: ["gpu"] } }, ["not_supported_here $.access_controls.devices"]],
  ["an idle time", { lifetime: { idle: "30m" } }, ["not_supported_here $.lifetime.idle"]],
  ["a kept home", { lifetime: { home: "keep" } }, ["not_supported_here $.lifetime.home → delete"]],
  ["resource limits", { resource_limits: { cpu: "4" } }, ["not_supported_here $.resource_limits"]],
  ["checks", { checks: [{ run: "true", expect: { exit: 0 } }] }, ["not_supported_here $.checks"]],
  [
    "a secret",
    { application_configuration: { variables: { A: "x${secret:key}" } } },
    ["source_not_registered $.application_configuration.variables.A"],
  ],
  [
    "a reference to no parameter",
    { parameters: { region: { type: "string" } }, application_configuration: { variables: { A: "${parameter:regoin}" } } },
    ["unknown_name $.application_configuration.variables.A → region"],
  ],
  [
    "a reference of no kind",
    { application_configuration: { variables: { A: "${paramter:region}" } } },
    ["unknown_name $.application_configuration.variables.A → parameter"],
  ],
  [
    "a source that is referred to and not listed",
    { application_configuration: { variables: { A: "${data_source:sample-sales}" } } },
    ["not_permitted $.application_configuration.variables.A"],
  ],
  ["a reference in a description", { description: "${secret:key}" }, ["wrong_value $.description"]],
  [
    "a reference in an application",
    { required_applications: ["apt:${parameter:x}"] },
    ["wrong_value $.required_applications[0]", "wrong_value $.required_applications[0]"],
  ],
  [
    "a reference in a path",
    { application_configuration: { files: { "~/${parameter:x}": { format: "text", content: "" } } } },
    ['wrong_value $.application_configuration.files["~/${parameter:x}"]'],
  ],
  ["a default of the wrong type", { parameters: { day: { type: "integer", default: "one" } } }, ["wrong_type $.parameters.day.default"]],
  [
    "a default that is not allowed",
    { parameters: { day: { type: "string", enum: ["mon", "tue"], default: "tu" } } },
    ["wrong_value $.parameters.day.default → tue"],
  ],
  [
    "a pattern that could take for ever",
    { parameters: { day: { type: "string", pattern: "(a+)+b" } } },
    ["wrong_value $.parameters.day.pattern"],
  ],
  ["a broken pattern", { parameters: { day: { type: "string", pattern: "(" } } }, ["wrong_value $.parameters.day.pattern"]],
  [
    "a default that the setting refuses",
    { parameters: { size: { type: "integer", default: 9 } }, application_configuration: { psql: { border: "${parameter:size}" } } },
    ["wrong_value $.application_configuration.psql.border → 2"],
  ],
  [
    "a wrong name with an open value",
    { parameters: { size: { type: "integer" } }, application_configuration: { psql: { bordr: "${parameter:size}" } } },
    ["unknown_name $.application_configuration.psql.bordr → border"],
  ],
];

test.each(PROBLEMS)("%s", (_, change, problems) => {
  expect(problemsWith(change)).toEqual(problems);
});

const FINE: readonly [what: string, change: unknown][] = [
  [
    "the promises that are kept",
    {
      access_controls: { clipboard: "both", file_transfer: "both", install_packages: "none", devices: [] },
      lifetime: { home: "delete", maximum: "1h" },
      checks: [],
    },
  ],
  ["an egress range that was opened", { access_controls: { network: { egress: ["10.20.7.0/24:5432"] } } }],
  [
    "a setting that hangs on a parameter without a default",
    { parameters: { size: { type: "integer" } }, application_configuration: { psql: { border: "${parameter:size}" } } },
  ],
  [
    "shell words that only look like references",
    { application_configuration: { files: { "~/x.sh": { format: "text", content: "echo ${NAME:-x} ${HOME}" } } } },
  ],
  [
    "a file that an application writes too",
    {
      required_applications: ["git"],
      application_configuration: { files: { "~/.gitconfig": { format: "gitconfig", merge: { alias: { st: "status" } } } } },
    },
  ],
  ["a launch of what a package brings", { required_applications: ["apt:mc"], launch: ["mc"] }],
];

test.each(FINE)("accepted: %s", (_, change) => {
  expect(problemsWith(change)).toEqual([]);
});

test("each environment is checked as a whole, and what is wrong already in the base is said once", () => {
  const environments = {
    staging: { resource_requirements: null, launch: ["psq"], persona_id: "other" },
    production: { resource_requirements: { cpu: "many", ram: null }, acess_controls: {} },
    fine: { description: "Fine" },
  };
  expect(problemsWith({ environments, lifetime: { idle: "5m" } })).toEqual([
    "not_supported_here $.lifetime.idle",
    "wrong_value $.environments.staging.persona_id",
    "missing $.environments.staging.resource_requirements",
    "unknown_name $.environments.staging.launch[0] → psql",
    "missing $.environments.production.resource_requirements.ram",
    "unknown_field $.environments.production.acess_controls → access_controls",
    "wrong_value $.environments.production.resource_requirements.cpu",
  ]);
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
