import { expect, test } from "vitest";
import { packagesLike } from "./packages-like.ts";

const LISTED = [
  { name: "gnumeric", summary: "spreadsheet application for GNOME - main program" },
  { name: "gnumeric-doc", summary: "spreadsheet application for GNOME - documentation" },
  { name: "libspreadsheet-read-perl", summary: "module to read data from a spreadsheet" },
  { name: "r-base", summary: "GNU R statistical computation and graphics system" },
  { name: "jq", summary: "lightweight and flexible command-line JSON processor" },
  { name: "jq", summary: "the same of another list" },
];
const names = (text: string) => packagesLike(text, LISTED).map(({ name }) => name);

test("a package is found by its name and by what is said of it, programs before their parts", () => {
  expect(names("spreadsheet")).toEqual(["gnumeric", "libspreadsheet-read-perl", "gnumeric-doc"]);
  expect(names("JQ")).toEqual(["jq"]);
  expect(names("statistical graphics")).toEqual(["r-base"]);
  expect(names("json (processor)")).toEqual([]);
  expect(names("  ")).toEqual([]);
  expect(names("c++ [")).toEqual([]);
});
