import { expect, test } from "vitest";
import { readOtherPython } from "./other-python.ts";

const abi = (here: string, name: string, version: string, ...tags: readonly string[]) => {
  const [tag] = [`cp${here.replace(".", "")}`];
  const found = tags.map((one) => `\`${one}\``).join(", ");
  return `hint: You require CPython ${here} (\`${tag}\`), but we only found wheels for \`${name}\` (v${version}) with the following Python ABI tags: ${found}`;
};
const range = (here: string, name: string, wanted: string) =>
  `Because the current Python version (${here}) does not satisfy Python${wanted} and ${name} depends on Python${wanted}, we can conclude that ${name} cannot be used.`;
const TENSORFLOW = new Map([["tensorflow", { oldest: "2.12.0", newest: "2.20.0" }]]);

test.each([
  [
    abi("3.11", "tensorflow", "2.11.0", "cp37m", "cp38", "cp310"),
    TENSORFLOW,
    "tensorflow 2.11.0 needs Python 3.7 to 3.10; here is 3.11: take 2.12.0 to 2.20.0 of it",
  ],
  [
    abi("3.11", "newly", "1.0", "cp313"),
    new Map(),
    'newly 1.0 needs Python 3.13; here is 3.11: take another version of it, or give the persona "base": "debian-13", which has 3.13',
  ],
  [
    abi("3.13", "older", "1.0", "cp310", "cp311"),
    new Map([["older", { oldest: "2.0", newest: "2.0" }]]),
    'older 1.0 needs Python 3.10 to 3.11; here is 3.13: take 2.0 of it, or give the persona "base": "debian-12", which has 3.11',
  ],
  [
    range("3.11.2", "all versions of newly", ">=3.12"),
    new Map(),
    'newly needs Python >=3.12; here is 3.11: take another version of it, or give the persona "base": "debian-13", which has 3.13',
  ],
  [range("3.13.5", "older==1.2.3", ">=3.8,<3.11"), new Map(), "older needs Python >=3.8,<3.11; here is 3.13: take another version of it"],
  [
    range("3.13.5", "older==1.2.3", ">=3.8,<3.12"),
    new Map(),
    'older needs Python >=3.8,<3.12; here is 3.13: take another version of it, or give the persona "base": "debian-12", which has 3.11',
  ],
])("%s: what fits is told", (text, fitting, message) => {
  expect(readOtherPython(text, fitting)?.message).toBe(message);
});

test("other words are no other Python", () => {
  expect(readOtherPython("Because all versions of docopt have no usable wheels and you require docopt", new Map())).toBeUndefined();
});
