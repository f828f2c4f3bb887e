import { expect, test } from "vitest";
import { baseAddresses, insideDigest } from "#building";
import { bootstrapArguments } from "./bootstrap.ts";
import { bootstrapStep } from "./bootstrap-steps.ts";

const mirrors = {
  suite: "bookworm",
  apt: [{ uri: "https://d.example", suite: "bookworm", components: ["main"], signedBy: "/k.gpg" }],
  aptOptions: ["Acquire::Check-Date=false"],
  pipIndex: "",
  npmRegistry: "",
  proxies: { http: "http://user:word@proxy:3128", https: undefined },
  authorities: "",
  sources: [],
  reach: [],
};

test("takes the host's sources, and no secret as an argument", () => {
  const tars = { guard: "/w/guard.tar", main: "/w/main.tar" };
  const args = bootstrapArguments({ work: "/w", inside: "/i'x" }, mirrors, tars, "/w/authorities.pem");
  expect(args.slice(-3)).toEqual(["bookworm", "/w/main.tar", "deb [signed-by=/k.gpg] https://d.example bookworm main"]);
  expect(args).toContain('--aptopt=Acquire::Check-Date "false"');
  expect(args).toContain('--aptopt=Acquire::https::CAInfo "/w/authorities.pem"');
  expect(args.join(" ")).not.toContain("word@");
  expect(args.find((arg) => arg.startsWith("--customize-hook"))).toContain(`'/i'\\''x/guard'`);
});

test("a change of the guard's files leaves the main image, on which layers stand", () => {
  const file = (root: "guard" | "main", content: string) => ({ root, name: "x", content });
  const before = baseAddresses("bookworm", [file("guard", "1"), file("main", "1")]);
  const guard = baseAddresses("bookworm", [file("guard", "2"), file("main", "1")]);
  expect(guard.main).toBe(before.main);
  expect(guard.guard).not.toBe(before.guard);
  expect(baseAddresses("bookworm", [file("guard", "1"), file("main", "2")])).toEqual(before);
  expect(baseAddresses("trixie", []).main).not.toBe(before.main);
  expect(insideDigest([file("main", "1")], "main")).not.toBe(insideDigest([file("main", "2")], "main"));
});

test("what mmdebstrap says becomes rising progress", () => {
  const said = ["I: running apt-get update...", "I: extracting archives...", "I: creating tarball..."];
  const percents = said.map((line) => bootstrapStep(line)?.percent ?? -1);
  expect(percents).toEqual([...percents].sort((a, b) => a - b));
  expect(said.map((line) => bootstrapStep(line)?.downloads ?? false)).toEqual([true, false, false]);
  expect(bootstrapStep("W: something else")).toBeUndefined();
});
