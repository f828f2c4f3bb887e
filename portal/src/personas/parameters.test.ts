import { AgentError } from "@guise/agent";
import { expect, test } from "vitest";
import { pathOf } from "../files/paths.ts";
import { visibleText } from "../kit/visible-text.ts";
import { firstFields, mustAsk, refusedOf, shellArgument, valuesOf } from "./parameters.ts";

const persona = {
  parameters: {
    region: { type: "string", enum: ["EU", "UK"], default: "EU" },
    days: { type: "integer", minimum: 1, maximum: 30 },
    full: { type: "boolean", default: true },
    bucket: { type: "string", pattern: "[a-z]+", default: "reports" },
  },
};

test("fields begin with defaults, and over them what a link gives", () => {
  expect(firstFields(persona, { region: "UK", full: "false", days: 7 })).toEqual({
    region: "UK",
    days: "7",
    full: false,
    bucket: "reports",
  });
  expect(mustAsk(persona)).toBe(true);
  expect(mustAsk({ parameters: { region: persona.parameters.region } })).toBe(false);
});

test("what is right is sent with its type", () => {
  expect(valuesOf(persona, { region: "UK", days: "7", full: false, bucket: "" })).toEqual({
    values: { region: "UK", days: 7, full: false },
    wrong: {},
  });
});

test.each([
  [{ days: "" }, "days", "must be given"],
  [{ days: "x" }, "days", "is not a number"],
  [{ days: "1.5" }, "days", "is not a whole number"],
  [{ days: "0" }, "days", "is less than 1"],
  [{ days: "31" }, "days", "is more than 30"],
  [{ region: "US" }, "region", "is none of EU, UK"],
])("%j is wrong", (fields, name, why) => {
  expect(valuesOf(persona, { days: "7", ...fields }).wrong).toEqual({ [name]: why });
});

test("a pattern is left to the broker, and what it found stands at the field", () => {
  const slow = { parameters: { a: { type: "string", pattern: "(a|a)".repeat(40) } } };
  expect(valuesOf(slow, { a: "a".repeat(60) })).toEqual({ values: { a: "a".repeat(60) }, wrong: {} });
  const problems = [{ path: "$.parameters.a", code: "wrong_value", message: "does not match" } as const];
  expect(refusedOf(new AgentError("invalid", "", { problems }))).toEqual({ a: "does not match" });
  expect(refusedOf(new Error("offline"))).toEqual({});
});

test("what a shell would take apart is quoted", () => {
  expect(["a=b", "a b", "it's", "$(x)"].map(shellArgument)).toEqual(["a=b", "'a b'", "'it'\\''s'", "'$(x)'"]);
});

test("what hides or turns a name is shown as its number", () => {
  expect(visibleText("a\u202eb\u200bc\n")).toBe("a\\u{202e}b\\u{200b}c\\u{a}");
  expect(visibleText("Größe 日本 🙂")).toBe("Größe 日本 🙂");
});

test("places lie under the home", () => {
  expect([pathOf([]), pathOf(["a", "b"]), pathOf(["a"], "c d")]).toEqual(["~/", "~/a/b", "~/a/c d"]);
});
