// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of personas are written so
import { expect, test } from "vitest";
import { testContext } from "./test-context.ts";
import { problemsWith } from "./test-problems.ts";

const context = await testContext();
const TEXT = { format: "text", content: "x" };

const PROBLEMS: readonly [what: string, change: unknown, problems: readonly string[]][] = [
  ["no name", { persona_name: null }, ["missing $.persona_name"]],
  ["a number for a name", { persona_name: 7 }, ["wrong_type $.persona_name"]],
  ["a name with a hidden character", { persona_name: "a\u202eb" }, ["wrong_value $.persona_name"]],
  ["an id in capitals", { persona_id: "Data" }, ["wrong_value $.persona_id"]],
  ["no applications", { required_applications: [] }, ["wrong_value $.required_applications"]],
  ["an application twice", { required_applications: ["psql", "apt:jq", "apt:jq=1"] }, ["wrong_value $.required_applications[2]"]],
  [
    "a package that an application brings in another version",
    { required_applications: ["prettier", "npm:prettier@2"] },
    ["wrong_value $.required_applications[1]"],
  ],
  ["a package that is a URL", { required_applications: ["pip:https://x.example/y.whl"] }, ["wrong_value $.required_applications[0]"]],
  ["a nested unknown field", { access_controls: { netwrok: {} } }, ["unknown_field $.access_controls.netwrok → network"]],
  ["cpu in a wrong unit", { resource_requirements: { cpu: "2 cores" } }, ["wrong_value $.resource_requirements.cpu"]],
  [
    "bandwidth each way, one wrong",
    { resource_requirements: { network_bandwidth: { ingress: "1Mbit", egress: "fast" } } },
    ["wrong_value $.resource_requirements.network_bandwidth.egress"],
  ],
  [
    "bounds between which nothing lies",
    { parameters: { n: { type: "integer", minimum: 5, maximum: 1 } } },
    ["wrong_value $.parameters.n.minimum"],
  ],
  ["a wrong priority", { priority: "hihg" }, ["wrong_value $.priority → high"]],
  [
    "applications of its own that cannot be",
    {
      required_applications: ["jupyterlab"],
      applications: {
        jupyterlab: { kind: "command", command: ["x"] },
        shell: { kind: "terminal", command: ["bash"] },
        preview: { kind: "web", command: ["vite"] },
        other: { kind: "web", command: ["x"], port: 8888, within: "1 hour" },
        again: { kind: "web", command: ["x"], port: 5173 },
        third: { kind: "web", command: ["x"], port: 5173, variables: { HOME: "/x" } },
        tool: { kind: "command", command: ["x"], port: 5174 },
        window: { kind: "desktop", command: ["x"], path: "/" },
        odd: { kind: "web", command: ["x"], port: 80, working_directory: "/tmp", path: "x" },
      },
    },
    [
      "missing $.applications.preview.port",
      "wrong_value $.applications.odd.working_directory",
      "wrong_value $.applications.odd.port",
      "wrong_value $.applications.odd.path",
      "wrong_value $.applications.jupyterlab",
      "wrong_value $.applications.shell",
      "wrong_value $.applications.other.within",
      "wrong_value $.applications.other.port",
      "wrong_value $.applications.third.port",
      "wrong_value $.applications.third.variables.HOME",
      "wrong_value $.applications.tool.port",
      "wrong_value $.applications.window.path",
    ],
  ],
  [
    "a launch of its own application by a wrong name",
    { applications: { preview: { kind: "web", command: ["x"], port: 5173 } }, launch: ["preveiw"] },
    ["unknown_name $.launch[0] → preview"],
  ],
  [
    "a launch of its own command",
    { applications: { report: { kind: "command", command: ["x"] } }, launch: ["report"] },
    ["wrong_value $.launch[0]"],
  ],
  ["a language that is no locale", { locale: "de_DF" }, ["unknown_name $.locale → de_DE"]],
  ["a time zone by its city", { time_zone: "Berlin" }, ["unknown_name $.time_zone → Europe/Berlin"]],
  ["a time zone misspelt", { time_zone: "America/New York" }, ["unknown_name $.time_zone → America/New_York"]],
  ["an offset for a time zone", { time_zone: "+02:00" }, ["unknown_name $.time_zone"]],
  ["a Node that is not there", { runtimes: { node: "16" } }, ["wrong_value $.runtimes.node → 18"]],
  ["a base that there is not", { base: "debian-11" }, ["wrong_value $.base → debian-12"]],
  ["a gap of what is no npm package", { accepted_gaps: ["pip:x"] }, ["wrong_value $.accepted_gaps[0]"]],
  ["another runtime", { runtimes: { noode: "20" } }, ["unknown_field $.runtimes.noode → node"]],
  [
    "a locale of one environment",
    { environments: { staging: { locale: "de_DE", time_zone: "Europe/Berlin" } } },
    ["wrong_value $.environments.staging.locale"],
  ],
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
    "a file below a file",
    {
      application_configuration: {
        files: {
          "~/x/y/z": { format: "text", content: "" },
          "~/x": { format: "text", content: "" },
          "~/x.z": { format: "text", content: "" },
        },
      },
    },
    ['wrong_value $.application_configuration.files["~/x/y/z"]'],
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
  [
    "ports with two names, and a port of an application",
    {
      applications: { site: { kind: "web", command: ["x"], port: 5173 } },
      ports: [
        { port: 8000, name: "One" },
        { port: 5173, name: "Two" },
        { port: 8000, name: "Three" },
      ],
    },
    ["wrong_value $.ports[1].port", "wrong_value $.ports[2].port"],
  ],
  [
    "limits that a web application goes round",
    {
      required_applications: ["psql", "jupyterlab"],
      applications: { site: { kind: "web", command: ["x"], port: 5173 }, tool: { kind: "desktop", command: ["x"] } },
      access_controls: { file_transfer: "in" },
    },
    ["not_supported_here $.required_applications[1]", "not_supported_here $.applications.site.kind"],
  ],
  [
    "installing packages",
    { access_controls: { install_packages: "user" } },
    ["not_supported_here $.access_controls.install_packages → none"],
  ],
  ["devices", { access_controls: { devices: ["gpu"] } }, ["not_supported_here $.access_controls.devices"]],
  ["an idle time", { lifetime: { idle: "30m" } }, []],
  ["an idle time that nobody could keep up with", { lifetime: { idle: "30s" } }, ["wrong_value $.lifetime.idle"]],
  ["a kept home", { lifetime: { home: "keep" } }, []],
  ["resource limits", { resource_limits: { cpu: "64", network_bandwidth: { ingress: "1Gbit", egress: "1Gbit" } } }, []],
  ["a limit in a wrong unit", { resource_limits: { ram: "8 GB" } }, ["wrong_value $.resource_limits.ram"]],
  ["a limit below the requirement", { resource_limits: { cpu: "10m" } }, ["wrong_value $.resource_limits.cpu"]],
  [
    "a limit below in an environment",
    { environments: { staging: { resource_limits: { cpu: "10m" } } } },
    ["wrong_value $.environments.staging.resource_limits.cpu"],
  ],
  ["a limit of the home", { resource_limits: { storage: "1Ti" } }, ["not_supported_here $.resource_limits.storage"]],
  [
    "checks beside a parameter that must be given",
    { checks: [{ run: "true", expect: { exit: 0 } }], parameters: { day: { type: "string" }, region: { type: "string", default: "EU" } } },
    ["missing $.parameters.day"],
  ],
  ["a check that takes for ever", { checks: [{ run: "true", expect: {}, within: "1h" }] }, ["wrong_value $.checks[0].within → 10m"]],
  ["a check of no known time", { checks: [{ run: "true", expect: {}, within: "soon" }] }, ["wrong_value $.checks[0].within"]],
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
  [
    "another product's variable",
    { application_configuration: { variables: { A: "is ${localEnv:USER}" } } },
    ["unknown_name $.application_configuration.variables.A"],
  ],
  [
    "what refers to nothing, with what was meant",
    {
      parameters: { region: { type: "string", default: "EU" } },
      application_configuration: {
        variables: {
          A: "${HOME}",
          B: "${region}",
          C: "${acount}",
          D: "${person:mail}",
          E: "${paramter:regoin}",
          F: "${}",
          G: "${sample-sales}",
        },
        files: { "~/a": { format: "json", merge: { deep: ["${person:nme}", "$${HOME} ${account} ${person:name} ${person:email}"] } } },
      },
    },
    [
      "unknown_name $.application_configuration.variables.A",
      "unknown_name $.application_configuration.variables.B → ${parameter:region}",
      "unknown_name $.application_configuration.variables.C → ${account}",
      "unknown_name $.application_configuration.variables.D → ${person:email}",
      "unknown_name $.application_configuration.variables.E → ${parameter:region}",
      "unknown_name $.application_configuration.variables.F",
      "unknown_name $.application_configuration.variables.G → ${data_source:sample-sales}",
      'unknown_name $.application_configuration.files["~/a"].merge.deep[0] → ${person:name}',
    ],
  ],
  [
    "a reference that does not end",
    { application_configuration: { variables: { A: "${parameter:day", B: "${secret:a{b}" } } },
    ["wrong_value $.application_configuration.variables.A", "wrong_value $.application_configuration.variables.B"],
  ],
  ["an id like a workspace's", { persona_id: `w-${"a".repeat(20)}` }, ["wrong_value $.persona_id"]],
  [
    "files where nothing of a persona can be written",
    {
      application_configuration: {
        files: { "/run/x": TEXT, "/run/guise/env": TEXT, [`~/${"a".repeat(300)}`]: TEXT, [`~/${"ä".repeat(128)}`]: TEXT },
      },
    },
    [
      'wrong_value $.application_configuration.files["/run/x"]',
      'wrong_value $.application_configuration.files["/run/guise/env"]',
      `wrong_value $.application_configuration.files["~/${"a".repeat(300)}"]`,
      `wrong_value $.application_configuration.files["~/${"ä".repeat(128)}"]`,
    ],
  ],
  [
    "a file below a file, beside what is not known yet",
    {
      parameters: { day: { type: "string" } },
      application_configuration: { variables: { DAY: "${parameter:day}" }, files: { "~/a": TEXT, "~/a/b": TEXT } },
    },
    ['wrong_value $.application_configuration.files["~/a/b"]'],
  ],
  [
    "variables of the shell and of Guise",
    { application_configuration: { variables: { OPTIND: "x", UID: "0", TERM: "dumb", GUISE_APP: "x" } } },
    ["OPTIND", "UID", "TERM", "GUISE_APP"].map((name) => `wrong_value $.application_configuration.variables.${name}`),
  ],
  [
    "less than any engine holds, and longer than any clock",
    {
      resource_requirements: { cpu: "9m", network_bandwidth: { ingress: "1kbit", egress: "8kbit" } },
      lifetime: { maximum: "99999999d", idle: "3651d" },
    },
    [
      "wrong_value $.resource_requirements.cpu",
      "wrong_value $.resource_requirements.network_bandwidth.ingress",
      "wrong_value $.lifetime.maximum",
      "wrong_value $.lifetime.idle",
    ],
  ],
  [
    "launching a package",
    { required_applications: ["psql", "apt:libreoffice-writer"], launch: ["apt:libreoffice-writer", "apt:mc"] },
    ["wrong_value $.launch[0] → libreoffice-writer", "wrong_value $.launch[1] → mc"],
  ],
  [
    "a file where Guise remembers what it wrote, and one whose copy would have too long a name",
    {
      application_configuration: {
        files: {
          "~/.local/state/guise/files.json": { format: "json", merge: {} },
          [`~/${"a".repeat(250)}`]: { format: "text", content: "", apply: "replace" },
          [`~/${"b".repeat(250)}`]: { format: "text", content: "" },
        },
      },
    },
    [
      'wrong_value $.application_configuration.files["~/.local/state/guise/files.json"]',
      `wrong_value $.application_configuration.files["~/${"a".repeat(250)}"]`,
    ],
  ],
  ["a blank name", { persona_name: "\u3000 \u00a0" }, ["wrong_value $.persona_name"]],
  [
    "a name that is not seen",
    { persona_name: "\u3164", description: "\u2800\u00ad" },
    ["wrong_value $.persona_name", "wrong_value $.description"],
  ],
  [
    "hidden characters in values and paths",
    {
      parameters: { day: { type: "string", default: "a\u202eb" } },
      application_configuration: { variables: { A: "a\u2066b" }, files: { "~/a\u202etxt.sh": { format: "text", content: "" } } },
    },
    [
      "wrong_value $.parameters.day.default",
      "wrong_value $.application_configuration.variables.A",
      'wrong_value $.application_configuration.files["~/a\\u{202e}txt.sh"]',
    ],
  ],
  [
    "half a character, wherever it stands",
    { application_configuration: { files: { "~/a": { format: "json", merge: { a: ["\ud800"] } } } } },
    ['wrong_value $.application_configuration.files["~/a"].merge.a[0]'],
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
  ["a pattern that looks ahead", { parameters: { day: { type: "string", pattern: "(?=a)b" } } }, ["wrong_value $.parameters.day.pattern"]],
  [
    "a pattern that a default does not match, however long others would take to say so",
    { parameters: { day: { type: "string", pattern: "(a|a)".repeat(40), default: "a".repeat(60) } } },
    ["wrong_value $.parameters.day.default"],
  ],
  [
    "patterns that are too large together",
    { parameters: Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { type: "string", pattern: "x{0,400}" }])) },
    ["too_large $.parameters.c.pattern"],
  ],
  [
    "a pattern beside the list of all values",
    { parameters: { day: { type: "string", pattern: "[a-z]+", enum: ["mon"] } } },
    ["wrong_value $.parameters.day.pattern"],
  ],
  ["a pattern of a number", { parameters: { day: { type: "integer", pattern: "[0-9]+" } } }, ["wrong_value $.parameters.day.pattern"]],
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
  expect(problemsWith(change, context)).toEqual(problems);
});

const FINE: readonly [what: string, change: unknown][] = [
  [
    "the promises that are kept",
    {
      access_controls: { clipboard: "both", file_transfer: "both", install_packages: "none", devices: [] },
      lifetime: { home: "delete", maximum: "1h" },
      checks: [{ run: "true", expect: { exit: 0, stdout: "" }, within: "10m" }],
    },
  ],
  ["an egress range that was opened", { access_controls: { network: { egress: ["10.20.7.0/24:5432"] } } }],
  [
    "a setting that hangs on a parameter without a default",
    { parameters: { size: { type: "integer" } }, application_configuration: { psql: { border: "${parameter:size}" } } },
  ],
  [
    "shell words with a doubled dollar, and those without braces",
    { application_configuration: { files: { "~/x.sh": { format: "text", content: "echo $${NAME:-x} $${HOME} $HOME $(x) $$ {a}" } } } },
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
  expect(problemsWith(change, context)).toEqual([]);
});

test("what the engine does not hold is refused by name, for every persona rests on it", () => {
  const here = { ...context, installation: { ...context.installation, unenforced: ["storage", "network"] as const } };
  expect(problemsWith({}, here)).toEqual([
    "not_supported_here $.resource_requirements.storage",
    "not_supported_here $.access_controls.network",
  ]);
});
