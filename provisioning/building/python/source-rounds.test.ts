import { expect, test } from "vitest";
import { ResolutionReader } from "./read-resolution.ts";
import { SourceRounds } from "./source-rounds.ts";

const DIGEST = "0123456789abcdef".repeat(4);
const WANTED = ["omegaconf==2.3.*"];
const NO_WHEEL = ["source_only\tantlr4", "refused", "Wheels are required for `antlr4` because building from source is disabled"];
const source = (name: string, version: string) => [
  `package\t${name}\t${version}\t0`,
  `source\t${name}\t${DIGEST}\thttps://files.example/${name}.tar.gz`,
];
const wheel = (name: string, version: string) => {
  return { name, version, file: "a.whl", bytes: 1, requires: [], extras: [], python: "", address: `${name}-${version}` };
};
function said(...lines: readonly string[]): ResolutionReader {
  const reader = new ResolutionReader();
  for (const line of lines) reader.push(line);
  return reader;
}

test("what has no wheel may come as source, tells what it needs, and only then is all known", () => {
  const rounds = new SourceRounds(true);
  expect(rounds.answered(said(...NO_WHEEL), WANTED)).toEqual({ next: "ask" });
  expect(rounds.known).toEqual({ names: ["antlr4"], wheels: [] });
  const chosen = rounds.answered(said("package\tomegaconf\t2.3\t1", ...source("antlr4", "4.9")), WANTED);
  expect(chosen).toMatchObject({ next: "tell", packages: [{ name: "antlr4", version: "4.9" }] });
  rounds.told(wheel("antlr4", "4.9"));
  // What it needs makes another version fit.
  expect(rounds.answered(said(...source("antlr4", "4.8")), WANTED)).toMatchObject({ next: "tell", packages: [{ version: "4.8" }] });
  rounds.told(wheel("antlr4", "4.8"));
  const done = rounds.answered(said("package\tomegaconf\t2.3\t1", ...source("antlr4", "4.8")), WANTED);
  expect(done).toMatchObject({ next: "done", lock: [{ name: "antlr4", wheel: { address: "antlr4-4.8" } }, { name: "omegaconf" }] });
});

test("a clash that sources do not mend is told as the clash that it was", () => {
  const rounds = new SourceRounds(true);
  const clash = "Because you require pandas==2.2.* and numpy==1.21.*, we can conclude that your requirements are unsatisfiable.";
  const wanted = ["pandas==2.2.*", "numpy==1.21.*"];
  expect(rounds.answered(said("source_only\tpandas", "refused", clash), wanted)).toEqual({ next: "ask" });
  // As source, believed to need nothing, it fits; but its wheel did not.
  const believed = said(...source("pandas", "2.2.3"), "wheel_too\tpandas");
  expect(() => rounds.answered(believed, wanted)).toThrow(/pandas==2\.2\.\* and numpy==1\.21\.\* cannot be had together/);
});

test("of several without wheels one has them in the version that fits: it comes as wheel, and another one as source", () => {
  const refused = ["source_only\tpysal", "source_only\tspint", "refused", "because the current Python version (3.11.2) does not satisfy"];
  const wheelOfIt = "package\tpysal\t26.1\t5";
  const rounds = new SourceRounds(true);
  expect(rounds.answered(said(...refused), ["pysal"])).toEqual({ next: "ask" });
  expect(rounds.answered(said(...source("pysal", "26.1"), ...source("spint", "1.0.7"), "wheel_too\tpysal"), ["pysal"])).toEqual({
    next: "ask",
  });
  expect(rounds.known.names).toEqual(["spint"]);
  expect(rounds.answered(said(wheelOfIt, ...source("spint", "1.0.7")), ["pysal"])).toMatchObject({
    next: "tell",
    packages: [{ name: "spint" }],
  });
  rounds.told(wheel("spint", "1.0.7"));
  expect(rounds.answered(said(wheelOfIt, ...source("spint", "1.0.7")), ["pysal"])).toMatchObject({ next: "done" });
  // Where that is of no help either, the first refusal is told, and there is an end.
  const other = new SourceRounds(true);
  other.answered(said(...refused), ["pysal"]);
  other.answered(said(...source("pysal", "26.1"), "wheel_too\tpysal"), ["pysal"]);
  expect(() => other.answered(said("source_only\tpysal", "refused", "something else"), ["pysal"])).toThrow();
});

test("where no sources are built, they are refused by name, with the setting", () => {
  expect(() => new SourceRounds(false).answered(said(...NO_WHEEL), ["antlr4"])).toThrow(
    /antlr4 is there as source only, .*; this installation builds no sources \(build_sources\)/,
  );
});

test("sources without end have one", () => {
  const rounds = new SourceRounds(true);
  expect(() => {
    for (let count = 0; count < 100; count++) rounds.answered(said(`source_only\tp${count}`, "refused", "nothing"), WANTED);
  }).toThrow("too many others that are there as source only");
});
