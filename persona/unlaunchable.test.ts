import type { PersonaDefinition } from "@guise/contract";
import { expect, test } from "vitest";
import type { FoundProgram } from "./found-program.ts";
import { LEAST, testContext } from "./test-context.ts";
import { unlaunchableIn } from "./unlaunchable.ts";

const context = await testContext();
const found = (name: string, broughtBy: string, kind: FoundProgram["kind"] = "terminal"): FoundProgram => ({
  ...{ name, title: name, kind, command: [`/usr/bin/${name}`], broughtBy },
});
const persona = (over: Partial<PersonaDefinition>) => ({ ...LEAST, ...over }) as PersonaDefinition;

test("what the image has is launched, of the catalog and of packages", () => {
  const definition = persona({ required_applications: ["psql", "apt:mc"], launch: ["psql", "mc"] });
  expect(unlaunchableIn(definition, context, [found("mc", "apt:mc")])).toEqual([]);
});

test("what it does not have is told, with what it has", () => {
  const definition = persona({ required_applications: ["apt:midnight-commander"], launch: ["midnight-commander"] });
  expect(unlaunchableIn(definition, context, [found("mc", "apt:midnight-commander")])).toEqual([
    { path: "$.launch[0]", code: "unknown_name", message: 'no program of the image is called "midnight-commander"; there are mc' },
  ]);
});

test("a package whose windows are called otherwise is told, at its own place in an environment", () => {
  const definition = persona({
    required_applications: ["psql", "apt:libreoffice-writer"],
    environments: { staging: { launch: ["libreoffice-writer"] } },
  });
  const problems = unlaunchableIn(definition, context, [found("libreoffice", "apt:libreoffice-writer", "desktop")]);
  expect(problems.map(({ path }) => path)).toEqual(["$.environments.staging.launch[0]"]);
  expect(problems[0]?.message).toContain("there are psql, libreoffice");
});
