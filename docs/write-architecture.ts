/** Writes the generated parts of docs/architecture.md: the import table and the picture of the states. Run: node docs/write-architecture.ts */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TRANSITIONS } from "#workspace";
import { COMPONENTS } from "../tests/architecture/components.ts";

const FILE = join(import.meta.dirname, "architecture.md");

export function importTable(): string {
  const rows = COMPONENTS.map(({ folder, holds, imports, packages }) => {
    const list = (names: readonly string[]) => (names.length === 0 ? "–" : names.join(", "));
    return `| \`${folder}/\` | ${holds} | ${list(imports)} | ${list(packages)} |`;
  });
  return ["| folder | holds | may import | npm packages |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

export function statesPicture(): string {
  const arrows = TRANSITIONS.map(({ from, to, when }) => `  ${from ?? "[*]"} --> ${to}: ${when}`);
  return ["```mermaid", "stateDiagram-v2", ...arrows, "  released --> [*]", "```"].join("\n");
}

/** The document with its generated parts as they are now. */
export function architectureDocument(text: string): string {
  return between(between(text, "import table", importTable()), "states", statesPicture());
}

function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/architecture.md has no place for "${name}"`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

export function readArchitecture(): string {
  return readFileSync(FILE, "utf8");
}

if (import.meta.main) writeFileSync(FILE, architectureDocument(readArchitecture()));
