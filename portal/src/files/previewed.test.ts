import { expect, test } from "vitest";
import { cellsOf, previewKind, rowsOf, separatorOf } from "./previewed.ts";

test.each([
  ["report.CSV", 10, "table"],
  ["a.ipynb", 10, "notebook"],
  ["plot.svg", 10, "image"],
  ["paper.pdf", 10, "pdf"],
  ["scans.pdf", 100_000_000, undefined],
  ["Dockerfile", 10, "text"],
  [".gitignore", 10, "text"],
  ["app.log", 3_000_000, undefined],
  ["sales.sqlite", 10, undefined],
  ["archive.tar.gz", 10, undefined],
] as const)("%s with %d bytes is looked at as %s", (name, bytes, kind) => expect(previewKind(name, bytes)).toBe(kind));

test("cells with quotes, separators and line ends in them are cells", () => {
  expect(rowsOf('a,"b ""c"", d"\r\n"two\nlines",\n\nlast', ",", 100)).toEqual([["a", 'b "c", d'], ["two\nlines", ""], [""], ["last"]]);
  expect(rowsOf("1\n2\n3\n", ",", 2)).toEqual([["1"], ["2"]]);
  expect(rowsOf("", ",", 2)).toEqual([]);
  expect([separatorOf("a.csv", "x;y;z\n1,0;2;3"), separatorOf("a.tsv", "x"), separatorOf("a.csv", "x,y\n")]).toEqual([";", "\t", ","]);
});

test("of a notebook only text and pictures are taken", () => {
  const notebook = {
    cells: [
      { cell_type: "markdown", source: ["# Title\n", "<script>alert(1)</script>"] },
      {
        cell_type: "code",
        source: "print(42)",
        outputs: [
          { output_type: "stream", text: ["42\n"] },
          { data: { "image/png": "iVBORw0K\n", "text/html": "<b>x</b>", "text/plain": "<Figure>" } },
          { data: { "text/html": "<script>x</script>", "text/plain": ["a  b"] } },
          { data: { "image/png": "x'><script>" } },
          { traceback: ["ZeroDivisionError"] },
          7,
        ],
      },
      null,
    ],
  };
  expect(cellsOf(JSON.stringify(notebook))).toEqual([
    { kind: "words", source: "# Title\n<script>alert(1)</script>", outputs: [] },
    {
      kind: "code",
      source: "print(42)",
      outputs: [{ text: "42\n" }, { png: "iVBORw0K" }, { text: "a  b" }, { text: "ZeroDivisionError" }],
    },
    { kind: "words", source: "", outputs: [] },
  ]);
  for (const none of ["", "[]", "{}", '{"cells":7}']) expect(cellsOf(none)).toBeUndefined();
});
