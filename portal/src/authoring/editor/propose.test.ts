import { type CatalogView, personaJsonSchema } from "@guise/contract";
import { expect, test } from "vitest";
import { proposalsAt } from "./propose.ts";

const CATALOG: CatalogView = {
  applications: [
    {
      ...{ application: "jupyterlab", name: "JupyterLab", description: "Notebooks.", homepage: "https://jupyter.org" },
      ...{ kind: "web", icon: "notebook", packages: { pip: ["jupyterlab"] } },
      settings: { theme: { type: "string", description: "Colors.", enum: ["light", "dark"], apply: "default" } },
    },
  ],
  data_sources: [{ source: "sales", kind: "folder", writable: false }],
  default_environment: "production",
};
const SCHEMA = personaJsonSchema();

/** What is proposed where `|` stands, and the text with the first of it. */
function proposedIn(marked: string) {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const { from, to, proposals } = proposalsAt(text, offset, SCHEMA, CATALOG);
  return {
    labels: proposals.map(({ label }) => label),
    taken: (index = 0) => `${text.slice(0, from)}${proposals[index]?.insert}${text.slice(to)}`,
  };
}

test("members that may stand there and do not yet", () => {
  expect(proposedIn('{ "persona_id": "a", "|" }').labels).toEqual(expect.arrayContaining(["persona_name", "required_applications"]));
  expect(proposedIn('{ "persona_id": "a", "|" }').labels).not.toContain("persona_id");
  expect(proposedIn('{ "resource_requirements": { "|" } }').labels).toEqual(["cpu", "ram", "storage", "network_bandwidth"]);
  expect(proposedIn('{ "environments": { "staging": { "lifetime": { "|" } } } }').labels).toEqual(["idle", "maximum", "home"]);
});

test("applications of the catalog, their settings and what these may be", () => {
  expect(proposedIn('{ "required_applications": ["|"] }').labels).toEqual(["jupyterlab"]);
  expect(proposedIn('{ "application_configuration": { "|" } }').labels).toEqual(["jupyterlab", "variables", "files"]);
  expect(proposedIn('{ "application_configuration": { "jupyterlab": { "|" } } }').labels).toEqual(["theme"]);
  expect(proposedIn('{ "application_configuration": { "jupyterlab": { "theme": "|" } } }').labels).toEqual(["light", "dark"]);
  expect(proposedIn('{ "access_controls": { "data_sources": [{ "source": "|" }] } }').labels).toEqual(["sales"]);
  expect(proposedIn('{ "access_controls": { "clipboard": "|" } }').labels).toEqual(["none", "in", "out", "both"]);
});

test("what is taken stands whole, and a member that has a value keeps it", () => {
  expect(proposedIn('{ "priority": "|" }').taken()).toBe('{ "priority": "low" }');
  expect(proposedIn('{ "lifetime": { "|" } }').taken()).toBe('{ "lifetime": { "idle": "" } }');
  expect(proposedIn('{ "lifetime": { "id|": "3m" } }').taken()).toBe('{ "lifetime": { "idle": "3m" } }');
  expect(proposedIn("{ | }").taken()).toMatch(/^\{ "persona_id": "" \}$|^\{ "\$schema": "" \}$/);
});

test("whatever is half written, it says something or nothing", () => {
  for (const text of ["", "|", "[|]", '{"a": {"b": |', '{ "environments": { "|" } }', '{ "environments": "|" }']) {
    const marked = text.includes("|") ? text : `${text}|`;
    expect(() => proposedIn(marked)).not.toThrow();
  }
});
