import type { FileFormat } from "@guise/contract";
import { stringify as stringifyToml } from "smol-toml";
import { stringify as stringifyYaml } from "yaml";
import { lineText, notRepresentable } from "./format-error.ts";
import { renderGitConfig } from "./gitconfig.ts";
import { renderIni } from "./ini.ts";
import { renderProperties } from "./properties.ts";

type Tree = Readonly<Record<string, unknown>>;

/** The formats that values are merged into. */
export type TreeFormat = Exclude<FileFormat, "text">;

const RENDERERS: Readonly<Record<TreeFormat, (tree: Tree) => string>> = {
  json: (tree) => `${JSON.stringify(tree, null, 2)}\n`,
  ini: renderIni,
  gitconfig: renderGitConfig,
  toml: renderToml,
  // many readers still speak YAML 1.1, where a bare "no" is false
  yaml: (tree) => stringifyYaml(tree, { lineWidth: 0, compat: "yaml-1.1" }),
  properties: (tree) => renderProperties(tree),
};

/** The whole content of a file. Throws `FormatError` for a value that the format cannot hold. */
export function renderTree(format: TreeFormat, tree: Tree): string {
  return RENDERERS[format](tree);
}

/** One line per text; each is checked to be one. */
export function renderLines(lines: readonly string[]): string {
  return lines.map((line) => `${lineText(line, "a line")}\n`).join("");
}

function renderToml(tree: Tree): string {
  if (hasNull(tree)) throw notRepresentable("TOML has no null");
  return `${stringifyToml(tree)}\n`;
}

function hasNull(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === "object" && Object.values(value).some(hasNull);
}
