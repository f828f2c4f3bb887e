import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { COMPONENTS, type Component } from "./components.ts";

/** Import specifiers are read from the source text: types and re-exports count as well. */
const TEST_PACKAGES = ["oidc-provider", "vitest", "fast-check", "ssh2", "ws", "jose", "smtp-server"];
const SPECIFIER =
  /^(?:import|export)(?:\s+type)?\s+(?:[\w*{}\s,$]+?\sfrom\s+)?"([^"\n]+)";$|^\} from "([^"\n]+)";$|\bimport\(\s*"([^"\n]+)"/gm;

interface Import {
  readonly file: string;
  readonly owner: Component;
  readonly specifier: string;
}

const files = COMPONENTS.flatMap(({ folder }) =>
  globSync(`${folder}/**/*.{ts,tsx,mjs}`, { exclude: (name) => name.includes("node_modules") }),
);
const unique = [...new Set(files)];

function ownerOf(path: string): Component | undefined {
  return COMPONENTS.filter(({ folder }) => path.startsWith(`${folder}/`)).sort((a, b) => b.folder.length - a.folder.length)[0];
}

const imports: Import[] = unique.flatMap((file) => {
  const owner = ownerOf(file);
  if (owner === undefined) return [];
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(SPECIFIER)].map((match) => ({ file, owner, specifier: match[1] ?? match[2] ?? match[3] ?? "" }));
});

const aliases = JSON.parse(readFileSync("package.json", "utf8")).imports as Record<string, string>;

function isTest(file: string): boolean {
  return /\.test\.ts$|\/test-support\/|contract-suite|conformance/.test(file);
}

/** The folder that a specifier leads to, or the npm package. */
function targetOf({ file, specifier }: Import): { folder?: string; package?: string } {
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) return {};
  if (specifier.startsWith("#")) {
    const place = aliases[specifier];
    return place === undefined ? { package: specifier } : { folder: ownerOf(normalize(place))?.folder ?? place };
  }
  if (specifier.startsWith("@guise/contract")) return { folder: "contract" };
  if (specifier.startsWith("@guise/agent")) return { folder: "agent" };
  if (!specifier.startsWith("."))
    return { package: specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : (specifier.split("/")[0] ?? "") };
  const place = normalize(join(dirname(file), specifier));
  return { folder: ownerOf(place)?.folder ?? place };
}

describe("imports follow the table", () => {
  test("there is something to check", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  test("a folder imports only what its row allows, and only through the other's door", () => {
    const wrong = imports.filter((one) => {
      const { folder } = targetOf(one);
      if (folder === undefined || folder === one.owner.folder) return false;
      if (!one.owner.imports.includes(folder)) return true;
      return one.specifier.startsWith(".");
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test("npm packages are imported only where the row allows", () => {
    const wrong = imports.filter((one) => {
      const name = targetOf(one).package;
      if (name === undefined || one.owner.packages.includes(name)) return false;
      return !(isTest(one.file) && TEST_PACKAGES.includes(name));
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test("nothing imports the composition root, and the table has no cycle", () => {
    expect(COMPONENTS.filter((row) => row.imports.includes("daemon"))).toEqual([]);
    const rows = new Map(COMPONENTS.map((row) => [row.folder, row.imports]));
    const visit = (folder: string, path: readonly string[]): void => {
      expect(path, `cycle through ${folder}`).not.toContain(folder);
      for (const next of rows.get(folder) ?? []) visit(next, [...path, folder]);
    };
    for (const { folder } of COMPONENTS) visit(folder, []);
  });

  test("no file imports itself in a circle", () => {
    const graph = new Map<string, string[]>();
    for (const one of imports) {
      if (!one.specifier.startsWith(".")) continue;
      const place = normalize(join(dirname(one.file), one.specifier));
      graph.set(one.file, [...(graph.get(one.file) ?? []), place]);
    }
    expect(cyclesOf(graph)).toEqual([]);
  });
});

/** Cycles of files, by depth-first search. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    state.set(file, "open");
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, "done");
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
