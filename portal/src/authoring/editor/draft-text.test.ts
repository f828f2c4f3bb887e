import fc from "fast-check";
import { expect, test } from "vitest";
import { at, rangeOf, readDraft, stepsOf, withValue } from "./draft-text.ts";

const TEXT = `{
  "persona_id": "maps",
  "required_applications": ["qgis"],
  "application_configuration": {
    "qgis": { "theme": "dark" }
  },
  "resource_requirements": { "cpu": "1" }
}
`;

test("one value is changed, and all else stays as it was written", () => {
  expect(withValue(TEXT, ["resource_requirements", "cpu"], "2")).toBe(TEXT.replace('"1"', '"2"'));
  const added = withValue(TEXT, ["environments", "staging", "resource_requirements", "cpu"], "3");
  expect(readDraft(added).value).toMatchObject({ environments: { staging: { resource_requirements: { cpu: "3" } } } });
  expect(added.startsWith(TEXT.slice(0, TEXT.indexOf('"resource_requirements"')))).toBe(true);
});

test("what is taken out takes with it what held nothing else, but not what must be there", () => {
  expect(readDraft(withValue(TEXT, ["application_configuration", "qgis", "theme"], undefined)).value).not.toHaveProperty(
    "application_configuration",
  );
  expect(readDraft(withValue(TEXT, ["required_applications", 0], undefined)).value).toMatchObject({ required_applications: [] });
  const apart = withValue(TEXT, ["environments", "staging", "lifetime", "idle"], "30m");
  expect(readDraft(withValue(apart, ["environments", "staging", "lifetime", "idle"], undefined)).value).toMatchObject({
    environments: { staging: {} },
  });
  expect(readDraft(withValue(apart, ["environments", "staging"], undefined)).value).not.toHaveProperty("environments.staging");
  expect(withValue(TEXT, ["nowhere", "at", "all"], undefined)).toBe(TEXT);
});

test("a text that is no object says where and why", () => {
  expect(readDraft('{ "a": 1 "b": 2 }').fault).toMatchObject({ offset: 9, message: expect.stringContaining("comma expected") });
  expect(readDraft("[]").fault?.message).toContain("begins with {");
  expect(readDraft("").fault).toBeDefined();
});

test("a place is read as it is told, and found in the text", () => {
  expect(stepsOf('$.application_configuration.files["~/.a \\"b\\""].merge[3].x-y')).toEqual([
    "application_configuration",
    "files",
    '~/.a "b"',
    "merge",
    3,
    "x-y",
  ]);
  expect(stepsOf("line 3, column 7")).toBeUndefined();
  expect(stepsOf("$.a b")).toBeUndefined();
  const { from, to } = rangeOf(TEXT, ["application_configuration", "qgis", "theme"]);
  expect(TEXT.slice(from, to)).toBe('"dark"');
  const missing = rangeOf(TEXT, ["resource_requirements", "ram"]);
  expect(TEXT.slice(missing.from, missing.to)).toBe('"resource_requirements"');
  expect(rangeOf("{", ["a"])).toEqual({ from: 0, to: 1 });
});

test("whatever is set at whatever place is there afterwards", () => {
  // A member of that name is no value to JavaScript, and none to Guise.
  const anyValue = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__"));
  const step = fc.stringMatching(/^[a-z_~/." ]{1,6}$/);
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), anyValue, (path, value) => {
      const changed = withValue("{}", path, value);
      expect(readDraft(changed).fault).toBeUndefined();
      expect(at(readDraft(changed).value, path)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
