/** Writes one tsconfig.json per component from the table, so that `tsc -b` refuses a wrong import too. Run: node tests/architecture/write-tsconfigs.ts */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { COMPONENTS as ALL, type Component } from "./components.ts";

/** `provisioning/inside` holds shell scripts only. */
const COMPONENTS = ALL.filter(({ folder }) => folder !== "provisioning/inside");

/** What a page has instead of Node. */
const BROWSER = {
  lib: ["es2024", "esnext.disposable", "esnext.collection", "esnext.iterator", "dom", "dom.iterable"],
  types: ["vite/client", "node"],
  jsx: "react-jsx",
  module: "esnext",
  moduleResolution: "bundler",
};

export function tsconfigOf({ folder, imports, runsIn }: Component): string {
  const up = relative(folder, ".") || ".";
  const nested = COMPONENTS.filter((other) => other.folder.startsWith(`${folder}/`)).map((other) => relative(folder, other.folder));
  const config = {
    extends: `${up}/tsconfig.base.json`,
    compilerOptions: { rootDir: up, outDir: `${up}/.tsbuild/${folder.replaceAll("/", "-")}`, ...(runsIn === "browser" ? BROWSER : {}) },
    include: runsIn === "browser" ? ["**/*.ts", "**/*.tsx"] : ["**/*.ts"],
    exclude: nested.map((place) => `${place}/**`),
    references: imports.map((other) => ({ path: relative(folder, other) })),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

export function testsTsconfig(): string {
  const config = {
    extends: "../tsconfig.base.json",
    // Some of what tests say is evaluated in a page.
    compilerOptions: { rootDir: "..", outDir: "../.tsbuild/tests", lib: BROWSER.lib },
    include: ["**/*.ts", "../bench/**/*.ts", "../data/**/*.ts", "../docs/**/*.ts", "../vitest.config.ts"],
    references: COMPONENTS.map(({ folder }) => ({ path: `../${folder}` })),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

export function rootTsconfig(): string {
  const references = [...COMPONENTS.map(({ folder }) => ({ path: `./${folder}` })), { path: "./tests" }];
  return `${JSON.stringify({ files: [], references }, null, 2)}\n`;
}

if (import.meta.main) {
  for (const component of COMPONENTS) writeFileSync(join(component.folder, "tsconfig.json"), tsconfigOf(component));
  writeFileSync("tests/tsconfig.json", testsTsconfig());
  writeFileSync("tsconfig.json", rootTsconfig());
}
