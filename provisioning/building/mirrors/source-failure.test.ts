import { expect, test } from "vitest";
import { sourceFailure } from "./source-failure.ts";

const source = {
  source: "tools",
  manager: "apt",
  url: "https://d.example/debian/",
  groups: [],
  files: [],
  suites: [],
  components: [],
  scopes: [],
} as const;
const told = (words: string) => sourceFailure(words, [{ source, login: undefined }]);

test.each([
  ["E: Failed to fetch https://d.example/debian/dists/stable/InRelease  401  Unauthorized [IP: 192.0.2.1 443]", "does not let Guise in"],
  ["the package source tools does not let Guise in", "does not let Guise in"],
  [
    "W: GPG error: https://d.example/debian stable InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 0123\nE: The repository 'https://d.example/debian stable InRelease' is not signed.",
    "is signed by another key",
  ],
  ["E: The repository 'https://d.example/debian stable Release' does not have a Release file.", "no such suite"],
  ["Err:4 https://d.example/debian stable InRelease\n  Certificate verification failed", "authorities"],
  ["Err:4 https://d.example/debian stable InRelease\n  Connection refused", "Connection refused"],
])("%s", (words, part) => {
  expect(told(words)?.message).toMatch(/^the package source tools \(https:\/\/d\.example\/debian\/\) /);
  expect(told(words)?.message).toContain(part);
  // What only an operator mends is not asked again and again.
  expect(told(words)?.code).toBe(part === "Connection refused" ? "mirror_unreachable" : "image_build_failed");
});

test("what is said of another place is no word of a source", () => {
  expect(told("E: Failed to fetch https://deb.example/dists/x/InRelease 404 Not Found")).toBeUndefined();
});
