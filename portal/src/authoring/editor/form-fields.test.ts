import { type CatalogView, personaJsonSchema } from "@guise/contract";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { type Session, SessionContext } from "../../session/session.ts";
import { DraftFormProvider, draftForm } from "./draft-form.ts";
import type { DraftPath } from "./draft-text.ts";
import { FormSections } from "./form-sections.tsx";
import { IN_JSON } from "./in-json.ts";

/** One of each that a field is for. */
const WHOLE = {
  persona_id: "a",
  parameters: { NAME: { type: "integer" }, TEXT: { type: "string" } },
  required_applications: ["apt:jq"],
  applications: { NAME: { kind: "web" } },
  application_configuration: { files: { NAME: { format: "text" }, INI: { format: "ini" } } },
  ports: [{}],
  checks: [{ expect: { stdout: "" } }],
};
const NAMES: DraftPath = ["NAME", "TEXT", "INI"];

/** What a field is for as a whole, or the page around the form. */
const AS_A_WHOLE = [
  "access_controls.data_sources[]",
  "application_configuration.NAME",
  "application_configuration.files.NAME.merge.NAME",
  "application_configuration.variables.NAME",
  "applications.NAME.variables.NAME",
  "environments.NAME",
];

/** Places that the form asks about. */
function placesOfFields(): ReadonlySet<string> {
  const places = new Set<string>();
  const form = draftForm({ text: JSON.stringify(WHOLE), value: WHOLE, environment: undefined, problems: [], change: () => undefined });
  const watched = {
    ...form,
    problemAt(path: DraftPath) {
      places.add(placeOf(path));
      return form.problemAt(path);
    },
  };
  const session = { agent: { me: { groups: [] } } } as unknown as Session;
  const catalog = { applications: [], data_sources: [] } as unknown as CatalogView;
  const sections = createElement(FormSections, { catalog, isNew: true });
  const inForm = createElement(DraftFormProvider, { value: watched }, sections);
  const inSession = createElement(SessionContext, { value: session }, inForm);
  renderToStaticMarkup(createElement(MantineProvider, null, createElement(QueryClientProvider, { client: new QueryClient() }, inSession)));
  return places;
}

function placeOf(path: DraftPath): string {
  const steps = path.map((step) => (typeof step === "number" ? "[]" : NAMES.includes(step) ? ".NAME" : `.${step}`));
  return steps.join("").slice(1);
}

interface Described {
  readonly properties?: Readonly<Record<string, Described>>;
  readonly additionalProperties?: Described | boolean;
  readonly items?: Described;
}

/** Places of the schema that hold no others with names of their own. */
function placesIn({ properties, additionalProperties, items }: Described, at = ""): string[] {
  const inside = [
    ...Object.entries(properties ?? {}).map(([key, member]) => placesIn(member, at === "" ? key : `${at}.${key}`)),
    ...(typeof additionalProperties === "object" ? [placesIn(additionalProperties, `${at}.NAME`)] : []),
    ...(items?.properties === undefined ? [] : [placesIn(items, `${at}[]`)]),
  ];
  return inside.length === 0 ? [at] : inside.flat();
}

test("each place of a persona has a field, or the form says that it is in the JSON", () => {
  const fields = placesOfFields();
  const told: readonly string[] = IN_JSON.flatMap(({ keys }) => keys);
  const without = placesIn(personaJsonSchema()).filter(
    (place) => !fields.has(place) && !told.includes(place) && !AS_A_WHOLE.some((whole) => place.startsWith(whole)),
  );
  expect(without).toEqual([]);
});

test("nothing is told to be in the JSON that has a field, or that no persona has", () => {
  const fields = placesOfFields();
  const places = placesIn(personaJsonSchema());
  const told = IN_JSON.flatMap(({ keys }) => keys).filter((key) => key !== "network_bandwidth");
  expect(told.filter((key) => fields.has(key) || !places.includes(key))).toEqual([]);
});
