import { expect, test } from "vitest";
import { packageProblems } from "./package-problems.ts";
import { testContext } from "./test-context.ts";
import { withChange } from "./test-problems.ts";
import { validatePersona } from "./validate-persona.ts";

const context = await testContext();
const NONE = { missing: [], unresolved: undefined };

function problemsOf(required_applications: readonly string[], found: Partial<Parameters<typeof packageProblems>[1]>) {
  const { definition, problems } = validatePersona(withChange({ required_applications }), context);
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return packageProblems(definition, { ...NONE, ...found }, context.catalog);
}

test("what is missing is told at its line, with the nearest; what an application brings, at that one's", () => {
  const missing = [
    { manager: "apt", argument: "gnumerik", nearest: "gnumeric" },
    { manager: "pip", argument: "polars==99", nearest: undefined },
    { manager: "pip", argument: "jupyterlab==4.*", nearest: undefined },
    { manager: "npm", argument: "elsewhere", nearest: undefined },
    { manager: "apt", argument: "firefox", nearest: "firejail" },
  ] as const;
  expect(problemsOf(["jupyterlab", "apt:gnumerik", "pip:Polars==99", "apt:firefox"], { missing })).toEqual([
    { path: "$.required_applications[1]", code: "unknown_name", message: "no package mirror has apt:gnumerik", suggestion: "apt:gnumeric" },
    { path: "$.required_applications[2]", code: "unknown_name", message: "no package mirror has pip:polars==99" },
    {
      path: "$.required_applications[0]",
      code: "unknown_name",
      message: 'no package mirror has pip:jupyterlab==4.*, which "jupyterlab" needs',
    },
    {
      path: "$.required_applications[3]",
      code: "unknown_name",
      message: "no package mirror has apt:firefox",
      suggestion: "apt:firefox-esr",
    },
  ]);
});

test("what is missing is told with where it was looked for, and how that is changed", () => {
  const missing = [
    { manager: "apt", argument: "docker-ce", nearest: undefined },
    { manager: "pip", argument: "acme-none", nearest: undefined },
  ] as const;
  const withheld = [{ source: "labs", manager: "apt", groups: ["research"] }] as const;
  const messages = problemsOf(["apt:docker-ce", "pip:acme-none"], {
    missing,
    asked: { apt: ["deb.example.com", "tools"], pip: ["pip.example.com"] },
    withheld,
  }).map(({ message }) => message);
  expect(messages).toEqual([
    "no package mirror has apt:docker-ce: asked were deb.example.com and tools; labs is for research alone, and others may ask for this persona; an operator adds others by guise admin packages source add",
    "no package mirror has pip:acme-none: asked was pip.example.com; an operator adds others by guise admin packages source add",
  ]);
});

test("two that cannot be had together are told at the later of their lines", () => {
  const message = "flask==3.* and click==7.* cannot be had together";
  const unresolved = { requirements: ["click==7.*", "flask==3.*"], message };
  expect(problemsOf(["pip:flask==3.*", "pip:click==7.*", "apt:jq"], { unresolved })).toEqual([
    { path: "$.required_applications[1]", code: "wrong_value", message },
  ]);
  const ofApt = { manager: "apt", requirements: ["postfix", "exim4"], message: "no" } as const;
  expect(problemsOf(["apt:postfix", "apt:jq", "pip:postfix"], { unresolved: ofApt })).toEqual([
    { path: "$.required_applications[0]", code: "wrong_value", message: "no" },
  ]);
  expect(problemsOf(["apt:jq"], { unresolved: { ...unresolved, requirements: [] } })).toEqual([
    { path: "$.required_applications", code: "wrong_value", message },
  ]);
});
