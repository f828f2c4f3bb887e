import { expect, test } from "vitest";
import { preferredFile } from "./preferred-versions.ts";

test("names and versions become a lock file; what an image's packages wrote that is neither is left out", () => {
  const versions = [
    { name: "Ruamel.Yaml", version: "0.18.6" },
    { name: "pytz", version: "2024.1.post1+local" },
    { name: "-r /etc/passwd", version: "1" },
    { name: "a", version: '1"\nname = "b' },
    { name: "", version: "1" },
    { name: "b", version: "" },
  ];
  const content = String(preferredFile(versions).content);
  expect(content.match(/^(?:name|version) = .*$/gm)).toEqual([
    'name = "ruamel-yaml"',
    'version = "0.18.6"',
    'name = "pytz"',
    'version = "2024.1.post1+local"',
  ]);
  expect(content.startsWith('lock-version = "1.0"')).toBe(true);
});

test("nothing to prefer is no lock file", () => {
  expect(preferredFile([{ name: "a b", version: "1" }]).content).toBe("");
  expect(preferredFile([]).content).toBe("");
});
