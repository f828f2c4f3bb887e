import { expect, test } from "vitest";
import { lockedLine } from "./lock.ts";
import { ResolutionReader } from "./read-resolution.ts";

const DIGEST = "0123456789abcdef".repeat(4);

function read(lines: readonly string[]) {
  const reader = new ResolutionReader();
  const taken = lines.map((line) => reader.push(line));
  return { taken, lock: () => reader.end(["polars"]).lock, resolved: () => reader.end(["polars"]), reader };
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

test("a package without a wheel is told with its source, and whether a wheel would do", () => {
  const url = "https://files.example/docopt-0.6.2.tar.gz";
  const { resolved } = read(["package\tdocopt\t0.6.2\t0", `source\tdocopt\t${DIGEST}\t${url}`, "wheel_too\tdocopt", "wheel_too\tnobody"]);
  const docopt = { name: "docopt", version: "0.6.2", bytes: 0, hashes: [DIGEST], neededBy: [], source: { sha256: DIGEST, url } };
  expect(resolved()).toEqual({ lock: [docopt], wheelToo: ["docopt"] });
  for (const address of ["file:///etc/passwd", `${url} --index-url=x`, ""])
    expect(() => read(["package\tdocopt\t0.6.2\t0", `source\tdocopt\t${DIGEST}\t${address}`])).toThrow();
});

test("what has no wheel is named as an index writes it, beside the refusal", () => {
  const { reader, lock } = read(["source_only\tAntlr4_Python3.runtime", "source_only\tdocopt", "refused", "source_only\tno"]);
  expect(reader.sourceOnly).toEqual(["antlr4-python3-runtime", "docopt"]);
  expect(lock).toThrow();
});

test("a refusal becomes one sentence", () => {
  const { lock } = read(["refused", "cause: Because polars was not found in the package registry and you require polars, we can conclude"]);
  expect(lock).toThrow(expect.objectContaining({ code: "image_build_failed", message: "there is no Python package polars" }));
});
