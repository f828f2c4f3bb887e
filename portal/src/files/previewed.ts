/** How a file is looked at without being downloaded. */
export type PreviewKind = "text" | "table" | "notebook" | "image" | "pdf";

const BY_ENDING: Readonly<Record<PreviewKind, string>> = {
  table: "csv tsv",
  notebook: "ipynb",
  pdf: "pdf",
  image: "png jpg jpeg gif webp bmp ico svg avif",
  text: "txt md markdown rst log json jsonl yaml yml toml ini cfg conf properties xml html htm css js mjs cjs ts tsx jsx py pyi r rmd qmd sql sh bash zsh pl rb go rs java c h cpp hpp cs php tex bib po diff patch dockerfile makefile gitignore env geojson vue svelte",
};
const KINDS = new Map(
  Object.entries(BY_ENDING).flatMap(([kind, endings]) => endings.split(" ").map((ending) => [ending, kind as PreviewKind] as const)),
);
/** Bytes beyond which a file is downloaded, and opened by a program that is made for it. */
const MOST: Readonly<Record<PreviewKind, number>> = {
  text: 2 * 2 ** 20,
  table: 2 * 2 ** 20,
  notebook: 16 * 2 ** 20,
  image: 32 * 2 ** 20,
  pdf: 64 * 2 ** 20,
};
export const IMAGE_TYPES: Readonly<Record<string, string>> = { jpg: "image/jpeg", svg: "image/svg+xml", ico: "image/x-icon" };

export function endingOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}

/** Undefined: it is only downloaded. */
export function previewKind(name: string, bytes: number): PreviewKind | undefined {
  const kind = KINDS.get(endingOf(name));
  return kind === undefined || bytes > MOST[kind] ? undefined : kind;
}

/** Rows of a table as text, as RFC 4180 writes them; no more rows than that. */
export function rowsOf(text: string, separator: "," | "\t" | ";", most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length && rows.length < most; at++) {
    const character = text[at] ?? "";
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === separator) {
      row.push(cell);
      cell = "";
    } else if (character === "\n" || character === "\r") {
      if (character === "\r" && text[at + 1] === "\n") at++;
      rows.push([...row, cell]);
      row = [];
      cell = "";
    } else cell += character;
  }
  if ((cell !== "" || row.length > 0) && rows.length < most) rows.push([...row, cell]);
  return rows;
}

/** What separates the cells of the first line most often. */
export function separatorOf(name: string, text: string): "," | "\t" | ";" {
  if (endingOf(name) === "tsv") return "\t";
  const [first = ""] = text.split("\n", 1);
  const count = (separator: string) => first.split(separator).length;
  return count(";") > count(",") ? ";" : count("\t") > count(",") ? "\t" : ",";
}

/** A part of a notebook, as it is read. */
export interface NotebookCell {
  readonly kind: "code" | "words";
  readonly source: string;
  readonly outputs: readonly ({ readonly text: string } | { readonly png: string })[];
}

/** Undefined: it is no notebook. What it holds is a stranger's; only text and pictures are taken. */
export function cellsOf(text: string): readonly NotebookCell[] | undefined {
  try {
    const { cells } = JSON.parse(text) as { readonly cells?: unknown };
    return Array.isArray(cells) ? cells.slice(0, 1000).map(cellOf) : undefined;
  } catch {
    return undefined;
  }
}

function cellOf(cell: unknown): NotebookCell {
  const { cell_type: kind, source, outputs } = (cell ?? {}) as Readonly<Record<string, unknown>>;
  return {
    kind: kind === "code" ? "code" : "words",
    source: joined(source),
    outputs: Array.isArray(outputs) ? outputs.slice(0, 100).flatMap(outputOf) : [],
  };
}

function outputOf(output: unknown): NotebookCell["outputs"][number][] {
  const { text, data, traceback } = (output ?? {}) as Readonly<Record<string, unknown>>;
  const { "image/png": png, "text/plain": plain } = (data ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof png === "string" && /^[A-Za-z0-9+/=\s]+$/.test(png)) return [{ png: png.replace(/\s/g, "") }];
  const words = joined(text) || joined(plain) || joined(traceback);
  return words === "" ? [] : [{ text: words }];
}

function joined(lines: unknown): string {
  if (typeof lines === "string") return lines;
  return Array.isArray(lines) ? lines.filter((line) => typeof line === "string").join("") : "";
}
