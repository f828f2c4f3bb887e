import { expect, test } from "vitest";
import { draftForm, idOf } from "./draft-form.ts";
import { readDraft } from "./draft-text.ts";

const TEXT = JSON.stringify({
  persona_id: "a",
  resource_requirements: { cpu: "1", ram: "1Gi" },
  environments: { staging: { priority: "low" } },
});

function formIn(environment: string | undefined) {
  let text = TEXT;
  const problems = [{ path: "$.environments.staging.resource_requirements.cpu", code: "wrong_value", message: "too much" } as const];
  const form = draftForm({ text, value: readDraft(text).value, environment, problems, change: (next) => (text = next) });
  return { form, read: () => readDraft(text).value as Record<string, Record<string, Record<string, unknown>>> };
}

test("in an environment, what is written is its own, and what is not is held from all", () => {
  const { form, read } = formIn("staging");
  expect([form.own(["resource_requirements", "cpu"]), form.held(["resource_requirements", "cpu"])]).toEqual([undefined, "1"]);
  form.set(["resource_requirements", "cpu"], "2");
  expect(read().environments?.staging).toEqual({ priority: "low", resource_requirements: { cpu: "2" } });
  expect(read().resource_requirements).toMatchObject({ cpu: "1" });
  expect(form.problemAt(["resource_requirements", "cpu"])).toBe("too much");
  expect(formIn(undefined).form.problemAt(["resource_requirements", "cpu"])).toBeUndefined();
});

test("several changes are one", () => {
  const { form, read } = formIn(undefined);
  form.setAll([
    [["persona_name"], "B"],
    [["persona_id"], "b"],
  ]);
  expect(read()).toMatchObject({ persona_name: "B", persona_id: "b" });
});

test("an id is made of a name", () => {
  expect(idOf("GIS Analyst")).toBe("gis-analyst");
  expect(idOf("Über uns: Karten!")).toBe("uber-uns-karten");
  expect(idOf("3D & Co.")).toBe("d-co");
  expect(idOf("日本")).toBe("");
  expect(idOf("x".repeat(100))).toHaveLength(60);
});
