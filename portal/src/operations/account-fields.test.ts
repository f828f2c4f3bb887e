import { expect, test } from "vitest";
import { changeOf, fieldsOf, wrongIn } from "./account-fields.ts";

const ann = { account: "ann", roles: ["user" as const], groups: ["sales", "makers"], disabled: false, name: "Ann" };

test("only what differs is changed, and what was emptied is known no more", () => {
  const fields = fieldsOf(ann);
  expect(changeOf(ann, fields)).toEqual({});
  expect(changeOf(ann, { ...fields, groups: ["makers", "sales"] })).toEqual({});
  expect(changeOf(ann, { ...fields, groups: ["makers"], name: "", email: "ann@example.org" })).toEqual({
    ...{ groups: ["makers"], name: null, email: "ann@example.org" },
  });
  expect(changeOf(ann, { ...fields, roles: ["user", "author"] })).toEqual({ roles: ["user", "author"] });
});

test("what cannot be is said where it is", () => {
  const fields = fieldsOf(undefined);
  expect(Object.keys(wrongIn(fields, true))).toEqual(["account"]);
  expect(wrongIn({ ...fields, account: "ann" }, true)).toEqual({});
  expect(Object.keys(wrongIn({ ...fields, account: "Ann", email: "ann", roles: [] }, true))).toEqual(["account", "email", "roles"]);
  expect(wrongIn({ ...fields, account: "Ann of before" }, false)).toEqual({});
});
