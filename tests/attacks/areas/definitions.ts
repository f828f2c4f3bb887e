import type { Area, Attempt } from "../attempt.ts";
import { definition } from "../definition.ts";
import { seen } from "../http.ts";

const wrong = (what: string, over: Readonly<Record<string, unknown>>): Attempt => ({
  what,
  async try(target) {
    const answer = await target.validate(definition(over));
    const [problem] = answer.body?.problems ?? [];
    return { right: answer.body?.valid === false, seen: problem === undefined ? seen(answer) : `${problem.code} at ${problem.path}` };
  },
});

const reference = (to: string): Attempt =>
  wrong(`a reference to ${to}, which nobody resolves`, { application_configuration: { variables: { A: `$\{${to}}` } } });

/** Text as it stands. */
const document = (what: string, text: string): Attempt => ({
  what,
  async try(target) {
    const answer = await target.validate(text);
    return { right: answer.body?.valid === false || (answer.status >= 400 && answer.status < 500), seen: seen(answer) };
  },
});

const files = (path: string) => ({ application_configuration: { files: { [path]: { format: "text", content: "x" } } } });
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

/** Ms in which a pattern is judged, however it is written; linear ones take none. */
const AT_ONCE = 2_000;

const pattern = (text: string, value: string): Attempt => ({
  what: `the pattern ${text.length > 24 ? `${text.slice(0, 20)}… (${text.length} characters)` : text} is judged at once`,
  async try(target) {
    const parameters = { p: { type: "string", pattern: text, default: value } };
    const judged = target.validate(definition({ parameters }));
    const beside = await target.ask("GET", "/livez");
    const answer = await judged;
    const took = Math.round(Math.max(answer.took, beside.took));
    return {
      right: answer.status === 200 && beside.status === 200 && took < AT_ONCE,
      seen: `answered in ${took} ms, ${answer.body?.valid === true ? "valid" : "refused"}`,
    };
  },
});

export const DEFINITIONS: Area = {
  name: "definitions",
  right: "refused",
  attempts: [
    wrong("a file at /run/x, which no program of ours may write", files("/run/x")),
    wrong("a file at /run/guise/env, which is Guise's", files("/run/guise/env")),
    wrong("a file at /etc/passwd", files("/etc/passwd")),
    wrong("a file above the home", files("~/../x")),
    wrong("a file whose name has 300 characters", files(`~/${"a".repeat(300)}`)),
    wrong("a persona called like a workspace", { persona_id: `w-${"a".repeat(20)}` }),
    reference("localEnv:USER"),
    reference("secret:x"),
    wrong("a launch of what is not there", { launch: ["libreoffice-writer"] }),
    wrong("a launch by the name of a package", { required_applications: ["apt:libreoffice-writer"], launch: ["apt:libreoffice-writer"] }),
    wrong("pages that no limit holds", { required_applications: ["jupyterlab"], access_controls: { clipboard: "none" } }),
    wrong("packages that cannot be installed", { access_controls: { install_packages: "user" } }),
    wrong("a device that is not given", { access_controls: { devices: ["gpu"] } }),
    wrong("a check without an end", { checks: [{ run: "true", expect: {}, within: "1000h" }] }),
    wrong("a host name that is not opened", { access_controls: { network: { egress: ["example.com:443"] } } }),
    wrong("a data source that nobody registered", { access_controls: { data_sources: [{ source: "payroll", access: "read" }] } }),
    wrong("an overlay that takes a required part away", { environments: { production: { resource_requirements: null } } }),
    wrong("an overlay with another identity", { environments: { production: { persona_id: "other" } } }),
    wrong("a package by its address", { required_applications: ["pip:https://evil.example/x.whl"] }),
    wrong("a package with an option", { required_applications: ["apt:--allow-unauthenticated"] }),
    document("a member __proto__", JSON.stringify(definition()).replace("{", '{"__proto__":{"a":1},')),
    document(
      "a member constructor, deep inside",
      JSON.stringify(definition({ environments: { production: { constructor: { prototype: {} } } } })),
    ),
    document("nested 40 deep", JSON.stringify(definition({ environments: { production: nested(40) } }))),
    document("300 KiB", JSON.stringify(definition({ description: "a".repeat(300 * 1024) }))),
    document("a syntax error", "{"),
  ],
};

export const PATTERNS: Area = {
  name: "patterns",
  right: "held",
  attempts: [
    pattern("(a|a)".repeat(26), "b".repeat(26)),
    pattern("(a|a)".repeat(39), "b".repeat(39)),
    pattern("^(a+)+$", `${"a".repeat(40)}!`),
    pattern("^(a*)*$", `${"a".repeat(40)}!`),
    pattern("^([a-z]+)*[0-9]$", "a".repeat(60)),
    pattern("(?=a)b", "b"),
    pattern("(a)\\1", "aa"),
    pattern("a{1000}{1000}", "a"),
  ],
};
