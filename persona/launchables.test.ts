import { expect, test } from "vitest";
import { type FoundProgram, programsIn } from "./found-program.ts";
import { foundOutsideCatalog, launchablesOf } from "./launchables.ts";

const found = (name: string, over: Partial<FoundProgram> = {}): FoundProgram => ({
  name,
  title: name,
  kind: "command",
  command: [`/usr/bin/${name}`],
  broughtBy: `apt:${name}`,
  ...over,
});
const persona = {
  applications: [{ application: "git", name: "Git", kind: "command" as const }],
  layers: [
    { application: "git", manager: "apt" as const, packages: ["git"] },
    { application: "apt:jq", manager: "apt" as const, packages: ["jq"] },
  ],
};

test("the catalog's applications come first, then what its packages outside the catalog bring", () => {
  const image = [
    found("git-shell", { broughtBy: "apt:git" }),
    found("jq"),
    found("jq-window", { title: "Jq Window", broughtBy: "apt:jq", kind: "desktop" }),
  ];
  expect(launchablesOf(persona, image)).toEqual([
    { application: "git", name: "Git", kind: "command" },
    { application: "jq", name: "jq", kind: "command" },
    { application: "jq-window", name: "Jq Window", kind: "desktop" },
  ]);
});

test("a name of the catalog wins, and before the build nothing is found", () => {
  expect(launchablesOf(persona, [found("git", { broughtBy: "apt:jq" })]).length).toBe(1);
  expect(programsIn(undefined)).toEqual([]);
  expect(programsIn({ launchables: [found("jq")] }).map(({ name }) => name)).toEqual(["jq"]);
});

test("what is not offered is launched by its name all the same", () => {
  const many = ["gdalinfo", "gdalwarp", "ogr2ogr", "ogrinfo"].map((name) => found(name, { broughtBy: "apt:jq" }));
  expect(launchablesOf(persona, many).map(({ application }) => application)).toEqual(["git"]);
  expect(foundOutsideCatalog(persona, many)).toEqual(many);
});
