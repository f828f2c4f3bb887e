import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAuthorities } from "./authorities.ts";
import { ConfigurationError } from "./configuration.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-authorities-"));
  const request = (...more: readonly string[]) =>
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", ...more],
      { stdio: "pipe" },
    );
  for (const name of ["one", "two"]) request("-keyout", at(`${name}.key`), "-out", at(`${name}.pem`), "-subj", `/CN=${name}`);
  request("-keyout", at("leaf.key"), "-out", at("leaf.pem"), "-subj", "/CN=leaf", "-addext", "basicConstraints=critical,CA:FALSE");
  writeFileSync(at("both.pem"), `A company's own\n${["one", "two"].map((name) => readFileSync(at(`${name}.pem`), "utf8")).join("\n")}`);
  writeFileSync(at("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("all certificates of a file, one each; none without a file", async () => {
  expect(await readAuthorities("")).toEqual([]);
  expect(await readAuthorities(at("both.pem"))).toEqual([readFileSync(at("one.pem"), "utf8"), readFileSync(at("two.pem"), "utf8")]);
});

test.each([
  ["absent.pem", "ENOENT"],
  ["one.key", "has no certificate in PEM form"],
  ["broken.pem", "cannot be read"],
  ["leaf.pem", "is not an authority's"],
])("%s is refused: %s", async (name, message) => {
  await expect(readAuthorities(at(name))).rejects.toThrow(ConfigurationError);
  await expect(readAuthorities(at(name))).rejects.toThrow(message);
});
