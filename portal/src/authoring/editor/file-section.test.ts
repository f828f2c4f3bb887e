import { expect, test } from "vitest";
import { FileSection } from "./file-section.tsx";
import { faultsShown, shownPart } from "./shown-fields.ts";

const inFiles = (files: object) => ({ application_configuration: { files } });

test("a text has its content, every other kind its values, and what is wrong stands there", () => {
  const text = shownPart(FileSection, {
    value: inFiles({ "~/a b.txt": { format: "text" } }),
    problems: [{ path: '$.application_configuration.files["~/a b.txt"].content', code: "missing", message: "format text needs content" }],
  });
  expect(faultsShown(text)).toMatchObject({ "What is in it": "format text needs content" });
  expect(faultsShown(text)).not.toHaveProperty("Values that are set in it");
  const ini = shownPart(FileSection, { value: inFiles({ "~/a.ini": { format: "ini", merge: { main: { keyring: false } } } }) });
  expect(Object.keys(faultsShown(ini))).toContain("Values that are set in it");
  expect(faultsShown(ini)).not.toHaveProperty("What is in it");
});

test("a place where no file can be is told at the file", () => {
  const markup = shownPart(FileSection, {
    value: inFiles({ "/etc/motd": { format: "text", content: "x" } }),
    problems: [{ path: '$.application_configuration.files["/etc/motd"]', code: "wrong_value", message: "is outside the home" }],
  });
  expect(markup).toMatch(/role="alert"[^>]*>is outside the home</);
});

test("what does not go with the kind is shown until it is taken out", () => {
  const markup = shownPart(FileSection, { value: inFiles({ "~/a.json": { format: "json", content: "{}" } }) });
  expect(Object.keys(faultsShown(markup))).toEqual(expect.arrayContaining(["What is in it", "Values that are set in it"]));
});

test("an environment shows its own files, and names those that it has from all", () => {
  const markup = shownPart(FileSection, {
    value: {
      ...inFiles({ "~/a.txt": { format: "text", content: "everywhere" }, "~/b.txt": { format: "text", content: "" } }),
      environments: { staging: inFiles({ "~/a.txt": {} }) },
    },
    environment: "staging",
  });
  expect(markup).toContain("As everywhere: ~/b.txt.");
  expect(markup).toContain('placeholder="everywhere"');
});
