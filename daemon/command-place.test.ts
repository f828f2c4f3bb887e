import { expect, test } from "vitest";
import { type CommandFacts, placeOfCommand } from "./command-place.ts";

const FACTS: CommandFacts = {
  root: "/src/guise",
  home: "/var/lib/guise",
  address: "http://127.0.0.1:7080",
  commandOf: undefined,
  ownerRuns: false,
  givenCredentials: undefined,
  usualCredentials: "/root/.config/guise/credentials.json",
  kept: undefined,
};
const OTHER = "/srv/other";

test("the first installation has ./guise and the usual place of credentials, and nothing is said", () => {
  const first = { command: "./guise", takesCheckout: true, credentials: FACTS.usualCredentials, notes: [] };
  expect(placeOfCommand(FACTS)).toEqual(first);
  const kept = { broker: FACTS.address, home: FACTS.home, installation: FACTS.root };
  expect(placeOfCommand({ ...FACTS, commandOf: FACTS.home, kept })).toEqual(first);
  // on another port than before
  expect(placeOfCommand({ ...FACTS, commandOf: FACTS.home, kept: { ...kept, broker: "http://127.0.0.1:7999" } })).toEqual(first);
});

test("beside one that runs, ./guise and its sign-in stay as they are, and how to reach this one is said", () => {
  const kept = { broker: "http://127.0.0.1:7999", home: OTHER, installation: FACTS.root };
  const place = placeOfCommand({ ...FACTS, commandOf: OTHER, ownerRuns: true, kept });
  expect(place).toMatchObject({ command: "/var/lib/guise/guise", takesCheckout: false, credentials: "/var/lib/guise/credentials.json" });
  expect(place.notes).toEqual([
    "./guise stays with the Guise on /srv/other, which runs; the one on /var/lib/guise is reached by /var/lib/guise/guise",
  ]);
});

test("of one that does not run ./guise is taken over, which is said, and its sign-in is kept", () => {
  const kept = { broker: "http://127.0.0.1:7999", home: OTHER, installation: FACTS.root };
  const place = placeOfCommand({ ...FACTS, commandOf: OTHER, kept });
  expect(place).toMatchObject({ command: "./guise", takesCheckout: true, credentials: "/var/lib/guise/credentials.json" });
  expect(place.notes).toEqual([
    "./guise was of the Guise on /srv/other, which does not run, and is of the one on /var/lib/guise now; that one: /srv/other/guise",
  ]);
});

test.each([
  ["a Guise on another machine", { broker: "https://guise.example.org" }],
  ["another checkout's", { broker: "http://127.0.0.1:7999", installation: "/src/elsewhere" }],
])("a sign-in at the usual place for %s is not written over", (_, kept) => {
  const place = placeOfCommand({ ...FACTS, kept });
  expect(place).toMatchObject({ command: "./guise", credentials: "/var/lib/guise/credentials.json" });
  expect(place.notes).toEqual([expect.stringContaining(`the sign-in for ${kept.broker} in ${FACTS.usualCredentials} stays`)]);
});

test("a sign-in of before homes were written down is this checkout's, and GUISE_CREDENTIALS is heeded in any case", () => {
  const kept = { broker: "http://127.0.0.1:7999", installation: FACTS.root };
  expect(placeOfCommand({ ...FACTS, kept })).toMatchObject({ credentials: FACTS.usualCredentials, notes: [] });
  expect(placeOfCommand({ ...FACTS, commandOf: OTHER, ownerRuns: true, givenCredentials: "/x" }).credentials).toBe("/x");
});
