import { expect, test } from "vitest";
import { parseAptSources, renderAptSource, sourcesOfSuite } from "./apt-sources.ts";

const STANZAS = `Types: deb
# a comment in the middle
URIs: http://deb.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb deb-src
URIs: http://deb.example/security
Suites: bookworm-security
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: https://vendor.example
Suites: nodistro
Components: main
Enabled: no
`;

test("reads stanzas", () => {
  expect(parseAptSources(STANZAS)).toEqual([
    { uri: "http://deb.example/debian", suite: "bookworm", components: ["main"], signedBy: "/usr/share/keyrings/debian.gpg" },
    { uri: "http://deb.example/debian", suite: "bookworm-updates", components: ["main"], signedBy: "/usr/share/keyrings/debian.gpg" },
    { uri: "http://deb.example/security", suite: "bookworm-security", components: ["main", "contrib"], signedBy: undefined },
  ]);
});

test("reads lines", () => {
  const text = `# deb http://no.example x main
deb-src http://no.example x main
deb [arch=amd64 signed-by=/k.gpg] http://deb.example/debian bookworm main non-free # words
deb http://deb.example/debian bookworm-updates main`;
  expect(parseAptSources(text)).toEqual([
    { uri: "http://deb.example/debian", suite: "bookworm", components: ["main", "non-free"], signedBy: "/k.gpg" },
    { uri: "http://deb.example/debian", suite: "bookworm-updates", components: ["main"], signedBy: undefined },
  ]);
});

test("leaves the sources of other vendors and other suites out", () => {
  const sources = parseAptSources(`deb http://d.example bookworm main
deb http://d.example bookworm-security main
deb http://d.example trixie main
deb http://vendor.example cloud-sdk-bookworm main
deb http://vendor.example bookworm stable`);
  expect(sourcesOfSuite(sources, "bookworm").map(({ suite }) => suite)).toEqual(["bookworm", "bookworm-security"]);
});

test("writes a line with the key ring of the place it is read in", () => {
  const source = { uri: "http://d.example", suite: "bookworm", components: ["main", "contrib"], signedBy: "/host.gpg" };
  expect(renderAptSource(source, "/build/key")).toBe("deb [signed-by=/build/key] http://d.example bookworm main contrib");
  expect(renderAptSource(source, undefined)).toBe("deb http://d.example bookworm main contrib");
});
