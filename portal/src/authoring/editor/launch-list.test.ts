import { expect, test } from "vitest";
import { draftForm } from "./draft-form.ts";
import { readDraft } from "./draft-text.ts";
import { openingChange, opensByItself } from "./launch-list.ts";

test("an application is opened by itself once, and the list goes with the last one", () => {
  let text = JSON.stringify({ launch: ["micro"] });
  const form = () =>
    draftForm({ text, value: readDraft(text).value, environment: undefined, problems: [], change: (next) => (text = next) });
  form().setAll([openingChange(form(), "report", true)]);
  form().setAll([openingChange(form(), "report", true)]);
  expect(readDraft(text).value).toEqual({ launch: ["micro", "report"] });
  expect([opensByItself(form(), "report"), opensByItself(form(), "psql")]).toEqual([true, false]);
  form().setAll([openingChange(form(), "micro", false), [["persona_id"], "a"]]);
  form().setAll([openingChange(form(), "report", false)]);
  expect(readDraft(text).value).toEqual({ persona_id: "a" });
});
