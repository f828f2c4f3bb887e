import { expect, test } from "vitest";
import { illFormedIn } from "./ill-formed.ts";

test.each([
  [JSON.parse('{"parameters": {"day": "\\ud800"}}'), "$.parameters.day"],
  [JSON.parse('{"a": [["x", "\\udc00\\ud800"]]}'), "$.a[0][1]"],
  [JSON.parse('{"a": {"\\udfff": 1}}'), "$.a"],
])("half a character is found in %j", (body, path) => expect(illFormedIn(body)).toMatchObject({ path, code: "wrong_value" }));

test("whole characters are not, however deep they lie", () => {
  expect(illFormedIn(JSON.parse(`${"[".repeat(50_000)}"👩"${"]".repeat(50_000)}`))).toBeUndefined();
  expect(illFormedIn(null)).toBeUndefined();
});
