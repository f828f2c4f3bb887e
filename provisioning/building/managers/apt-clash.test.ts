import { expect, test } from "vitest";
import { AptClashReader } from "./apt-clash.ts";

const told = (packages: string, words: string) => {
  const reader = new AptClashReader();
  for (const line of words.split("\n")) reader.push(line);
  return reader.told(packages.split(" "));
};

test.each([
  [
    "two that exclude each other",
    "libcurl4-openssl-dev jq libcurl4-gnutls-dev=7.88.1",
    ` libcurl4-gnutls-dev : Conflicts: libcurl4-openssl-dev but 7.88.1-10+deb12u15 is to be installed
 libcurl4-openssl-dev : Conflicts: libcurl4-gnutls-dev but 7.88.1-10+deb12u15 is to be installed`,
    ["libcurl4-openssl-dev", "libcurl4-gnutls-dev=7.88.1"],
    "libcurl4-openssl-dev and libcurl4-gnutls-dev=7.88.1 cannot be installed together; leave out all but one",
  ],
  [
    "two that exclude the same",
    "exim4-daemon-light postfix",
    ` exim4-config : Conflicts: postfix but 3.7.11-0+deb12u1 is to be installed
 exim4-daemon-light : Conflicts: mail-transport-agent
 postfix : Conflicts: mail-transport-agent`,
    ["exim4-daemon-light", "postfix"],
    "exim4-daemon-light and postfix cannot be installed together; leave out all but one",
  ],
  [
    "one that needs what is not there",
    "frob=1.0 jq",
    ` frob : Depends: libfrob1:amd64 (= 1.0) but 1.1 is to be installed
        Depends: frob-data but it is not installable`,
    ["frob=1.0"],
    "frob cannot be installed: it needs libfrob1, which is not to be had with it here; name it without a version, or another one",
  ],
  [
    "one for which another would go",
    "postfix",
    `The following packages will be REMOVED:
  exim4-base exim4-daemon-light*
0 upgraded, 3 newly installed, 2 to remove and 0 not upgraded.
E: Packages need to be removed but remove is disabled.`,
    ["postfix"],
    "postfix cannot be installed beside exim4-base and exim4-daemon-light; leave out what does not go with it",
  ],
])("%s: %s", (_, packages, words, requirements, message) => {
  expect(told(packages, words)).toEqual({ kind: "clash", manager: "apt", requirements, message });
});

test("other words say nothing of it", () => {
  expect(
    told("jq", "Reading package lists...\nThe following NEW packages will be installed:\n  jq\nE: Unable to locate package x"),
  ).toBeUndefined();
});
