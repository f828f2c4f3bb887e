import { expect, test } from "vitest";
import type { WorkspaceRow } from "#repository";
import { NO_ACCESS } from "./data-access/inside.ts";
import { personalLayerOf } from "./translate.ts";

const row = (variables: Readonly<Record<string, string>>) =>
  ({
    ...{ id: "w-1", generation: 1, persona: "p", environment: "staging", parameters: { region: "UK" } },
    concrete: {
      variables,
      files: [],
      applications: [["git", "status"], ["git"], []].map((command) => ({ command })),
    },
  }) as unknown as WorkspaceRow;

test("programs inside take text for UTF-8, unless the persona says otherwise", () => {
  expect(personalLayerOf(row({}), [], NO_ACCESS).variables).toMatchObject({ LANG: "C.UTF-8", GUISE_PARAMETER_REGION: "UK" });
  expect(personalLayerOf(row({ LANG: "C", GUISE_ENVIRONMENT: "x" }), [], NO_ACCESS).variables).toMatchObject({
    LANG: "C",
    GUISE_ENVIRONMENT: "staging",
  });
});

test("the programs that are looked for are the first words of the commands, once each", () => {
  expect(personalLayerOf(row({}), [], NO_ACCESS).programs).toEqual(["git"]);
});
