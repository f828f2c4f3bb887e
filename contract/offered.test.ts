import { expect, test } from "vitest";
import { type OfferedProgram, offeredOf } from "./offered.ts";

function brought(broughtBy: string, ...names: readonly string[]): OfferedProgram[] {
  return names.map((name) => ({ name, title: name, broughtBy }));
}
const offered = (found: readonly OfferedProgram[]) => offeredOf(found).map(({ name }) => name);

test.each([
  ["apt:aspell", ["aspell", "aspell-import", "precat", "preunzip", "prezip"], ["aspell"]],
  ["apt:r-base", ["R", "Rscript"], ["R"]],
  ["apt:ripgrep", ["rg"], ["rg"]],
  ["apt:gdal-bin", ["gdalinfo", "gdalwarp", "ogr2ogr", "ogrinfo"], []],
  ["apt:postgresql-client", ["psql", "pg_dump", "pg_restore", "createdb"], []],
  ["apt:python3.11", ["python3.11", "pydoc3.11", "pygettext3.11", "2to3-3.11"], ["python3.11"]],
  ["apt:nginx-full", ["nginx"], ["nginx"]],
  ["apt:jq=1.6*", ["jq"], ["jq"]],
  ["pip:httpie", ["http", "https", "httpie"], ["httpie"]],
  ["pip:csvkit[all]>=2", ["csvcut", "csvgrep", "csvjoin", "csvlook"], []],
  ["npm:@scope/cli@2", ["cli", "cli-watch"], ["cli"]],
  ["npm:typescript", ["tsc", "tsserver"], ["tsc", "tsserver"]],
])("of what %s brings (%j) there are on buttons %j", (broughtBy, names, expected) => {
  expect(offered(brought(broughtBy, ...names))).toEqual(expected);
});

test("two packages that bring one program offer it once, and desktop entries are offered", () => {
  const entry = { ...brought("apt:qgis", "org.qgis.qgis")[0], title: "QGIS" } as OfferedProgram;
  const found = [
    ...brought("apt:r-base", "R", "Rscript"),
    ...brought("apt:r-base-core", "R", "Rscript"),
    entry,
    ...brought("apt:qgis", "qgis.bin"),
  ];
  expect(offered(found)).toEqual(["R", "org.qgis.qgis"]);
});
