import type { UsageInsight } from "@guise/contract";
import { expect, test } from "vitest";
import { draftFor } from "./insight-draft.ts";

const of = { persona_id: "p", persona_name: "P", version: 1, people: 6 };
const unused = (application: string): UsageInsight => ({ kind: "unused_application", ...of, application, application_name: application });
const definition = {
  persona_id: "p",
  required_applications: ["jupyterlab", "git", "apt:gnumeric=1.12"],
  application_configuration: { jupyterlab: { theme: "dark" }, git: {} },
  applications: { board: { kind: "web" } },
  launch: ["jupyterlab"],
  environments: { staging: { required_applications: ["jupyterlab"], launch: [] }, production: {} },
  resource_requirements: { cpu: "1", ram: "4Gi" },
};

test("an application goes from everywhere it is named in, and nothing else does", () => {
  expect(draftFor(definition, unused("jupyterlab"))).toEqual({
    ...definition,
    required_applications: ["git", "apt:gnumeric=1.12"],
    application_configuration: { git: {} },
    launch: [],
    environments: { staging: { required_applications: [], launch: [] }, production: {} },
  });
  expect(draftFor(definition, unused("gnumeric"))?.required_applications).toEqual(["jupyterlab", "git"]);
  expect(draftFor(definition, unused("board"))?.applications).toEqual({});
  expect(draftFor(definition, unused("other"))).toBeUndefined();
});

test("a size is written as the language has it, and the other sizes stay", () => {
  const size = { kind: "more_than_used", ...of, asked: 0, used: 0 } as const;
  expect(draftFor(definition, { ...size, dimension: "ram", suggested: 640 * 2 ** 20 })?.resource_requirements).toEqual({
    cpu: "1",
    ram: "640Mi",
  });
  expect(draftFor(definition, { ...size, dimension: "cpu", suggested: 400 })?.resource_requirements).toEqual({ cpu: "400m", ram: "4Gi" });
  expect(draftFor({}, { ...size, dimension: "cpu", suggested: 400 })).toBeUndefined();
});
