import { expect, test } from "vitest";
import { lockedLine } from "./lock.ts";
import { ResolutionReader } from "./read-resolution.ts";

const DIGEST = "0123456789abcdef".repeat(4);

function read(lines: readonly string[]) {
  const reader = new ResolutionReader();
  const taken = lines.map((line) => reader.push(line));
  return { taken, lock: () => reader.end(["polars"]) };
}

test("reads packages with their files and who needs them; other words are somebody else's", () => {
  const { taken, lock } = read([
    "Fetching uv",
    "package\tpolars\t1.44.2\t512",
    `hash\tpolars\t${DIGEST}`,
    "package\tattrs\t26.1\t0",
    "needs\tattrs\tpolars",
  ]);
  expect(taken).toEqual([false, true, true, true, true]);
  expect(lock()).toEqual([
    { name: "attrs", version: "26.1", bytes: 0, hashes: [], neededBy: ["polars"] },
    { name: "polars", version: "1.44.2", bytes: 512, hashes: [DIGEST], neededBy: [] },
  ]);
  expect(lock().map(lockedLine)).toEqual(["attrs==26.1", `polars==1.44.2 --hash=sha256:${DIGEST}`]);
});

test.each([
  ["a name that is an option", ["package\t--index-url\t1\t0"]],
  ["a version that is a URL", ["package\ta\thttps://x.example/a.whl\t0"]],
  ["a digest that is none", ["package\ta\t1\t0", "hash\ta\tabc --index-url=x"]],
])("an index that gives %s is refused", (_, lines) => {
  expect(() => read(lines)).toThrow(expect.objectContaining({ code: "image_build_failed" }));
});

test("a refusal becomes one sentence", () => {
  const { lock } = read(["refused", "cause: Because polars was not found in the package registry and you require polars, we can conclude"]);
  expect(lock).toThrow(expect.objectContaining({ code: "image_build_failed", message: "there is no Python package polars" }));
});
