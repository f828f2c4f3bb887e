import { expect, test } from "vitest";
import { iniValue } from "./ini-value.ts";

test("reads a key of the sections that count; later lines win", () => {
  const text =
    "[global]\ncert = /a.pem\nindex-url=https://one/simple\n[freeze]\nindex-url = https://no\n[install]\nindex-url: https://two/simple\n";
  expect(iniValue(text, ["global", "install"], "index-url")).toBe("https://two/simple");
  expect(iniValue(text, ["global"], "cert")).toBe("/a.pem");
  expect(iniValue(text, ["global"], "proxy")).toBeUndefined();
});

test("reads a file without sections", () => {
  expect(iniValue("fund=false\nregistry=https://r.example/npm/\n", [""], "registry")).toBe("https://r.example/npm/");
});
