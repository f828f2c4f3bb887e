import { expect, test } from "vitest";
import { isFromOwnPage } from "./own-page.ts";

const ORIGIN = "http://guise.localhost:7080";
const OWN = { host: "guise.localhost:7080", origin: ORIGIN, "sec-fetch-site": "same-origin" };
const { origin: _origin, ...READ } = OWN;
const { "sec-fetch-site": _site, ...HANDSHAKE } = OWN;

test.each([
  ["a read of our own page", "read", READ, true],
  ["a read that tells its origin", "read", OWN, true],
  ["a change by our own page", "change", OWN, true],
  ["a socket of our own page", "upgrade", OWN, true],
  ["a socket whose browser tells no site", "upgrade", HANDSHAKE, true],
  ["a change without an origin", "change", READ, false],
  ["a socket without an origin", "upgrade", READ, false],
  ["a read without a site", "read", { host: OWN.host }, false],
  ["a change without a site", "change", HANDSHAKE, false],
  ["a link typed or followed from nowhere", "read", { ...READ, "sec-fetch-site": "none" }, false],
  ["a page of a neighboring host", "change", { ...OWN, origin: "http://app.guise.localhost:7080", "sec-fetch-site": "same-site" }, false],
  ["a foreign page", "change", { ...OWN, origin: "http://evil.example", "sec-fetch-site": "cross-site" }, false],
  ["a foreign page's socket", "upgrade", { ...HANDSHAKE, origin: "http://evil.example" }, false],
  ["a page without an origin", "upgrade", { ...HANDSHAKE, origin: "null" }, false],
  ["our origin on another port", "change", { ...OWN, origin: "http://guise.localhost:7081" }, false],
  ["our page by another name of this machine", "change", { ...OWN, host: "localhost:7080" }, false],
] as const)("%s", (_what, kind, headers, own) => {
  expect(isFromOwnPage(headers, kind, ORIGIN)).toBe(own);
});
