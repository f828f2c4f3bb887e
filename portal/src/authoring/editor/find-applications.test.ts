import type { CatalogApplication, CatalogView } from "@guise/contract";
import { expect, test } from "vitest";
import { foundIn } from "./find-applications.ts";

const entry = (application: string, name: string, description: string, packages = {}): CatalogApplication => ({
  ...{ application, name, description, packages, homepage: "https://example.org", kind: "desktop", icon: "map", settings: {} },
});
const CATALOG: CatalogView = {
  applications: [
    entry("qgis", "QGIS", "Maps and layers of them."),
    entry("jupyterlab", "JupyterLab", "Notebooks with Python.", { pip: ["jupyterlab==4.*"] }),
    entry("gnumeric", "Gnumeric", "Sheets, also maps of numbers."),
  ],
  data_sources: [],
  default_environment: "production",
};
const texts = (text: string) => foundIn(text, CATALOG, []).map((found) => found.text);

test("the catalog is found by name and by what is said of it, the name first", () => {
  expect(texts("jupyter notebooks").slice(0, 1)).toEqual(["jupyterlab"]);
  expect(texts("maps").slice(0, 2)).toEqual(["gnumeric", "qgis"]);
  expect(texts("qg")[0]).toBe("qgis");
});

test("packages of the lists follow, then the text as a package of the registries", () => {
  const found = foundIn("pandas", CATALOG, [{ manager: "apt", name: "python3-pandas", summary: "data structures" }]);
  expect(found.map(({ text }) => text)).toEqual(["apt:python3-pandas", "pip:pandas", "pipx:pandas", "npm:pandas"]);
  expect(texts("pip:pandas==2.*")).toEqual(["pip:pandas==2.*"]);
  expect(texts("two words")).toEqual([]);
  expect(texts("; rm -rf")).toEqual([]);
});
