import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { linesOf } from "../lines.ts";
import type { MarkerFacts } from "../python-marker.ts";

/** Tools of asdf and mise: what stands for them. */
const TOOLS: Readonly<Record<string, string>> = {
  golang: "apt:golang-go",
  go: "apt:golang-go",
  java: "apt:default-jdk",
  ruby: "apt:ruby-full",
  rust: "apt:cargo",
  php: "apt:php-cli",
  perl: "apt:perl",
  r: "apt:r-base",
  erlang: "apt:erlang",
  elixir: "apt:elixir",
  maven: "apt:maven",
  jq: "apt:jq",
  ripgrep: "ripgrep",
  pandoc: "pandoc",
  pnpm: "npm:pnpm",
  yarn: "npm:yarn",
  poetry: "pipx:poetry",
  uv: "pipx:uv",
  ruff: "ruff",
  "pre-commit": "pipx:pre-commit",
};

/** asdf's list: a tool and its versions a line. */
export function readToolVersions(desk: ImportDesk, file: ListFile, { python }: MarkerFacts): void {
  for (const { line, text } of linesOf(file.content)) readTool(desk, { file: file.name, line, text }, python);
}

function readTool(desk: ImportDesk, place: Place, python: string): void {
  const [tool = "", version = ""] = place.text.split(/\s+/);
  if (tool === "python") {
    if (version === python || version.startsWith(`${python}.`)) desk.has(place, `Python ${python} is there`);
    else desk.refuse(place, `Python is ${python} here`);
  } else if (tool === "nodejs" || tool === "node") {
    if (/^24(?:\.|$)|^lts/.test(version)) desk.has(place, "Node 24 comes with npm packages");
    else desk.refuse(place, "Node is 24 here");
  } else {
    const known = Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined;
    if (known === undefined) desk.refuse(place, "is not known here: name it as an apt:, pip: or npm: package");
    else desk.application(place, known, `is ${known} here, in the version that there is`);
  }
}
