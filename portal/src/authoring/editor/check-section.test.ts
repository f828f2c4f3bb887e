import { expect, test } from "vitest";
import { CheckSection } from "./check-section.tsx";
import { draftForm } from "./draft-form.ts";
import { readDraft } from "./draft-text.ts";
import { faultsShown, shownPart } from "./shown-fields.ts";

test("what is wrong with a check stands at its field", () => {
  const markup = shownPart(CheckSection, {
    value: { checks: [{ run: "true", expect: { exit: 300 }, within: "1h" }] },
    problems: [
      { path: "$.checks[0].expect.exit", code: "too_large", message: "300 is too large" },
      { path: "$.checks[0].within", code: "wrong_value", message: "more than 10 minutes" },
    ],
  });
  expect(faultsShown(markup)).toMatchObject({
    Command: undefined,
    "Number it ends with": "300 is too large",
    "Longest it may take": "more than 10 minutes",
  });
});

test("that a command prints nothing is asked for otherwise than that it may print anything", () => {
  const shown = (expected: object) =>
    Object.keys(faultsShown(shownPart(CheckSection, { value: { checks: [{ run: "true", expect: expected }] } })));
  expect(shown({ stdout: "" })).toContain("All that it prints");
  expect(shown({})).not.toContain("All that it prints");
});

test("what a check expects may be emptied, and is still there", () => {
  const text = JSON.stringify({ checks: [{ expect: { exit: 1 } }] });
  let changed = text;
  const form = draftForm({ text, value: readDraft(text).value, environment: undefined, problems: [], change: (next) => (changed = next) });
  form.set(["checks", 0, "expect", "exit"], undefined);
  expect(readDraft(changed).value).toEqual({ checks: [{ expect: {} }] });
});
