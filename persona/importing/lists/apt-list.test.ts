import { expect, test } from "vitest";
import { applications, read, refused } from "../test-import.ts";

test("lists of the distribution's packages: apt.txt, packages.txt, Aptfile", () => {
  expect(applications({ "apt.txt": "units\n# a comment\njq=1.6-2.1\n" })).toEqual(["apt:units", "apt:jq=1.6-2.1"]);
  expect(applications({ "packages.txt": "graphviz ffmpeg\n" })).toEqual(["apt:graphviz", "apt:ffmpeg"]);
  const { definition, rows } = read({
    Aptfile: "libpq-dev\n:repo:deb http://example.org stable main\nhttps://example.org/x.deb\ncurl:amd64/bookworm\n",
  });
  expect(definition?.required_applications).toEqual(["apt:libpq-dev", "apt:curl"]);
  expect(refused(rows).map((text) => text.split(": ").at(-1)?.split(" ").slice(0, 7).join(" "))).toEqual(
    Array(2).fill("packages come by name from the installation's"),
  );
});

test.each([
  ["LibreOffice", "apt:libreoffice", "in small letters"],
  ["ca-certificates \\", "apt:ca-certificates", undefined],
  ["adduser\t\tinstall", "apt:adduser", undefined],
  ["zlib1g deinstall", undefined, "nothing to do"],
  ["sudo apt-get install -y curl", undefined, "write the names of its packages alone"],
  ["fonts-*", undefined, "write the name of each package"],
  ["nano-", undefined, "asks apt to remove it"],
  ["a-dev | b-dev", undefined, "write one of them"],
  ["openssh-client (>= 1:8)", undefined, "write it as jq or jq=1.6-2.1"],
  ["nodejs=20.*", undefined, "write it as apt:jq or apt:jq=1.6-2.1"],
  ["-y", undefined, "leave it out"],
])("apt.txt: %j becomes %s: %s", (line, becomes, why) => {
  const { rows } = read({ "apt.txt": `${line}\n` });
  expect(rows.map((row) => row.becomes)).toEqual([becomes]);
  if (why !== undefined) expect(rows[0]?.why).toContain(why);
});
