import { expect, test } from "vitest";
import { readWheel, WheelReader, writeWheel } from "./source-wheel.ts";
import { sourceFiles } from "./sources-file.ts";

const WHEEL = "wheel\tpyspark-3.5.9-py2.py3-none-any.whl\t317000000\tpyspark";
function read(...lines: readonly string[]) {
  const reader = new WheelReader();
  const taken = lines.map((line) => reader.push(line));
  return { taken, facts: () => reader.end("pyspark", "3.5.9") };
}

test("what a wheel says of itself is kept with it, and told to the resolver", () => {
  const { taken, facts } = read(
    WHEEL,
    "python\t>=3.8",
    "requires\tpy4j==0.10.9.7",
    `requires\tpandas (>=1.0.5) ; extra == "sql"`,
    "extra\tsql",
    "other words",
  );
  expect(taken).toEqual([true, true, true, true, true, false]);
  const wheel = readWheel("address", writeWheel(facts()));
  expect(wheel).toEqual({ ...facts(), address: "address" });
  const [names, known] = sourceFiles({ names: ["pyspark"], wheels: wheel === undefined ? [] : [wheel] });
  expect([names?.content, String(known?.content).split("\n")]).toEqual([
    "pyspark\n",
    [
      "dependency-metadata = [",
      `  { name = "pyspark", version = "3.5.9", requires-dist = ["py4j==0.10.9.7", "pandas (>=1.0.5) ; extra == \\"sql\\""], provides-extra = ["sql"], requires-python = ">=3.8" },`,
      `  { name = "pyspark", requires-dist = [] },`,
      "]",
      "",
    ],
  ]);
});

test.each([
  ["an address", `requires\tevil @ git+https://example.org/evil`],
  ["an address behind a marker", `requires\tevil; python_version > "3" @ https://example.org/evil.tar.gz`],
  ["an option", "requires\t--index-url=https://example.org"],
  ["a path", "requires\t./evil"],
])("a wheel that needs %s is refused by name", (_, line) => {
  const { facts } = read(WHEEL, line);
  expect(facts).toThrow(/pyspark 3\.5\.9 needs what is not a name in a registry/);
});

test.each([
  ["of another name", WHEEL.replace(/pyspark$/, "other"), "wheel of another name: other"],
  ["with a path for a name", "wheel\t../../etc/x.whl\t1\tpyspark", "built what is no wheel"],
  ["without a size", "wheel\tpyspark-1.whl\tmany\tpyspark", "built what is no wheel"],
])("a wheel %s is refused", (_, line, message) => {
  expect(read(line).facts).toThrow(message);
});

test("what is no description of a wheel is none", () => {
  expect([readWheel("a", ""), readWheel("a", "{}"), readWheel("a", "null")]).toEqual([undefined, undefined, undefined]);
});
