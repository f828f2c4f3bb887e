import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applicationsOf, ConfigurationError, originOf, readConfiguration, withoutEffect } from "./configuration.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-configuration-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("defaults hold where nothing is set; a variable wins over the file", () => {
  expect(readConfiguration(folder, {})).toMatchObject({ host: "127.0.0.1", port: 7080, engine: { kind: "own" } });
  writeFileSync(join(folder, "guise.config.json"), JSON.stringify({ port: 8000, guards: 5 }));
  expect(readConfiguration(folder, { GUISE_PORT: "9000" })).toMatchObject({ port: 9000, guards: 5 });
});

test.each([
  [{ GUISE_HOST: "0.0.0.0" }, "GUISE_HOST"],
  [{ GUISE_PORT: "eighty" }, "GUISE_PORT"],
  [{ GUISE_ENGINE: "podman" }, "GUISE_ENGINE"],
  [{ GUISE_ENGINE: "unix://docker.sock" }, "GUISE_ENGINE"],
  [{ GUISE_BANDWIDTH: "fast" }, "GUISE_BANDWIDTH"],
  [{ GUISE_HELD_PER_PERSON: "20,interns" }, "GUISE_HELD_PER_PERSON"],
  [{ GUISE_WAITING_PER_PERSON: "0" }, "GUISE_WAITING_PER_PERSON"],
  [{ GUISE_ORIGIN: "http://guise.example.org" }, "GUISE_ORIGIN"],
  [{ GUISE_ORIGIN: "https://guise.example.org/portal" }, "GUISE_ORIGIN"],
  [{ GUISE_ORIGIN: "guise.example.org" }, "GUISE_ORIGIN"],
  [{ GUISE_ISSUER: "http://login.example.org" }, "GUISE_ISSUER"],
  [{ GUISE_ISSUER: "https://login.example.org/?realm=a" }, "GUISE_ISSUER"],
  [{ GUISE_ISSUER_KEYS: "http://login.example.org/jwks" }, "GUISE_ISSUER_KEYS"],
  [{ GUISE_ISSUER_ROLES: "admins=root" }, "GUISE_ISSUER_ROLES"],
  [{ GUISE_ISSUER_CLIENT: "guise" }, "GUISE_ISSUER_CLIENT"],
  [{ GUISE_ISSUER_TOKEN_TYPES: "at+jwt,opaque" }, "GUISE_ISSUER_TOKEN_TYPES"],
  [{ GUISE_ISSUER: "https://a.example.org", GUISE_ISSUER_CLIENT: "guise", GUISE_ISSUER_TOKEN_TYPES: "JWT" }, "GUISE_ISSUER_AUDIENCE"],
  [{ GUISE_ISSUER_SCOPES: "profile email" }, "GUISE_ISSUER_SCOPES"],
])("what is wrong is named with its variable: %o", (variables, name) => {
  expect(() => readConfiguration(folder, variables)).toThrow(ConfigurationError);
  expect(() => readConfiguration(folder, variables)).toThrow(name);
});

test("the portal is on this machine, or behind TLS where that is said", () => {
  expect(originOf(readConfiguration(folder, { GUISE_PORT: "9000" }))).toBe("http://guise.localhost:9000");
  expect(originOf(readConfiguration(folder, { GUISE_ORIGIN: "https://guise.example.org" }))).toBe("https://guise.example.org");
});

test("an unknown setting and a broken file are refused with the file's name", () => {
  writeFileSync(join(folder, "guise.config.json"), JSON.stringify({ prot: 8000 }));
  expect(() => readConfiguration(folder, {})).toThrow("guise.config.json");
  writeFileSync(join(folder, "guise.config.json"), "{");
  expect(() => readConfiguration(folder, {})).toThrow("guise.config.json");
});

test("what has no effect is told, with what may have been meant", () => {
  expect(withoutEffect({ GUISE_PROT: "1", GUISE_PORT: "9000", GUISE_CREDENTIALS: "x", PATH: "/bin", GUISE_RETRIES: "3" })).toEqual([
    "GUISE_PROT is not a setting; did you mean GUISE_PORT?",
    "GUISE_RETRIES is not a setting; the settings are in docs/reference/configuration.md",
  ]);
  writeFileSync(join(folder, "guise.config.json"), JSON.stringify({ prot: 8000 }));
  expect(() => readConfiguration(folder, {})).toThrow("did you mean port?");
});

test("a Docker engine of this machine is named by its socket; one elsewhere is refused with the reason", () => {
  const { engine } = readConfiguration(folder, { GUISE_ENGINE: "unix:///var/run/docker.sock" });
  expect(engine).toEqual({ kind: "foreign", socketPath: "/var/run/docker.sock" });
  for (const elsewhere of ["tcp://192.0.2.1:2375", "ssh://root@there"])
    expect(() => readConfiguration(folder, { GUISE_ENGINE: elsewhere })).toThrow("not a socket of this machine");
});

test("a range that cannot be opened is refused by name", () => {
  expect(readConfiguration(folder, { GUISE_OPEN_RANGES: "10.20.0.0/16, fd12::/32" }).open_ranges).toBe("10.20.0.0/16, fd12::/32");
  for (const ranges of ["10.20.0.0/16,169.254.0.0/16", "everything"])
    expect(() => readConfiguration(folder, { GUISE_OPEN_RANGES: ranges })).toThrow(
      /^open_ranges \(GUISE_OPEN_RANGES\): ".*" (?:lies in|is not a range)/,
    );
});

test("roles of a provider are named by the values of its claim", () => {
  expect(readConfiguration(folder, { GUISE_ISSUER_ROLES: "cn=admins=operator, staff=user" }).issuer_roles).toEqual({
    "cn=admins": "operator",
    staff: "user",
  });
});

const applications = (variables: Readonly<Record<string, string>>) => applicationsOf(readConfiguration(folder, variables));

test("web applications have origins of their own on this machine, and elsewhere by a domain that is nobody else's", () => {
  expect(applications({ GUISE_PORT: "9000" })).toBe("http://*.localhost:9000");
  expect(applications({ GUISE_ORIGIN: "http://guise.localhost:8080" })).toBe("http://*.localhost:8080");
  expect(applications({ GUISE_ORIGIN: "https://guise.example.org" })).toBeUndefined();
  const apart = { GUISE_ORIGIN: "https://guise.example.org", GUISE_APPLICATIONS_ORIGIN: "https://*.apps.example.net" };
  expect(applications(apart)).toBe("https://*.apps.example.net");
});

test.each([
  ["https://apps.example.net", /is not a pattern of origins/],
  ["https://*.apps.example.net/", /is not a pattern of origins/],
  ["https://a.*.example.net", /is not a pattern of origins/],
  ["http://*.apps.example.net", /is not a pattern of origins/],
  ["https://*.example.org", /guise\.example\.org lies below example\.org/],
  ["https://*.guise.example.org", /guise\.example\.org lies below guise\.example\.org/],
])("origins of web applications are not %s", (pattern, message) => {
  const variables = { GUISE_ORIGIN: "https://guise.example.org", GUISE_APPLICATIONS_ORIGIN: pattern };
  expect(() => applications(variables)).toThrow(message);
});
