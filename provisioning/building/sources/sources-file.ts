import type { BuildFile } from "../box/build-file.ts";
import { lines } from "../box/build-files.ts";
import type { SourceWheel } from "./source-wheel.ts";

/** What a resolution knows of packages without wheels. */
export interface KnownSources {
  /** Names of the packages that may come as source. */
  readonly names: readonly string[];
  /** Those whose source has told what it needs. */
  readonly wheels: readonly SourceWheel[];
}

/** Of no package anything is known. */
export const NO_SOURCES: KnownSources = { names: [], wheels: [] };

/**
 * Files of a resolution in which these packages may come as source. What such a package needs is told to the resolver, so that it never runs
 * its code to find out: as long as no source has told, that it needs nothing.
 */
export function sourceFiles({ names, wheels }: KnownSources): BuildFile[] {
  const known = wheels.map(({ name, version, requires, extras, python }) =>
    table({ name, version, "requires-dist": requires, "provides-extra": extras, ...(python === "" ? {} : { "requires-python": python }) }),
  );
  const guessed = names.map((name) => table({ name, "requires-dist": [] }));
  return [
    { name: "sources", content: lines(names) },
    { name: "uv.toml", content: `dependency-metadata = [\n${[...known, ...guessed].map((entry) => `  ${entry},\n`).join("")}]\n` },
  ];
}

function table(entry: Readonly<Record<string, string | readonly string[]>>): string {
  return `{ ${Object.entries(entry)
    .map(([key, value]) => `${key} = ${typeof value === "string" ? quoted(value) : `[${value.map(quoted).join(", ")}]`}`)
    .join(", ")} }`;
}

/** JSON's strings are TOML's basic strings, but for DEL, which they have as it is. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
