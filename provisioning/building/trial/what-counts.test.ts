import { expect, test } from "vitest";
import { modulesToTry, whatCounts } from "./what-counts.ts";
import type { WhyNot } from "./why-not.ts";

const none: WhyNot = { kind: "python_module", name: "x" };
/** "frob!" cannot be started or imported. */
const tried = (names: string) =>
  names
    .split(" ")
    .filter(Boolean)
    .map((name) => ({ name: name.replace("!", ""), title: name.replace("!", ""), whyNot: name.endsWith("!") ? none : undefined }));

test.each([
  ["pip:black", "black", "black blackd!", "black blackd", [], "a program that few need"],
  ["pip:black", "black", "black! blackd", "", ["black"], "the program of its name"],
  ["pip:plotly", "plotly", "plotly_get_chrome!", "plotly", [], "a program beside a library that works"],
  ["pip:csvkit", "csvkit", "csvcut! csvgrep!", "csvkit!", ["csvcut", "csvgrep", "csvkit"], "all of it"],
  ["pip:uwsgi", "uwsgi", "uwsgi", "uwsgidecorators!", [], "a module for what it starts"],
  ["pip:beautifulsoup4", "beautifulsoup4", "", "bs4!", ["bs4"], "its only module"],
  ["pip:attrs", "attrs", "", "attr! attrs", [], "one of two modules"],
  ["pip:python-dateutil", "python-dateutil", "", "dateutil!", ["dateutil"], "the module of its name, but for a word"],
  ["apt:r-base", "r-base", "R! Rscript", "", ["R"], "the program of its name"],
  ["npm:left-pad@1", "left-pad", "", "left-pad!", ["left-pad"], "a package of npm"],
  ["pip:azure-storage-blob", "azure-storage-blob", "", "azure.storage.blob!", ["azure.storage.blob"], "a package in a package"],
])("of %s (%s) with the programs %j and modules %j there count %j: %s", (broughtBy, name, programs, modules, expected) => {
  const counted = whatCounts({ package: broughtBy, name, programs: tried(programs), modules: tried(modules) });
  expect([...counted.programs, ...counted.modules].map((one) => one.name)).toEqual(expected);
});

test("of what worked before, a program beside it counts as little as then", () => {
  const of = { package: "pip:black", name: "black", programs: tried("blackd!"), modules: [] };
  expect(whatCounts(of).programs).toEqual(of.programs);
  expect(whatCounts({ ...of, isKnown: true }).programs).toEqual([]);
});

test("a module that its program brings while it runs is not told beside the program, and alone it counts", () => {
  const wanting = (name: string) => ({ name: "uwsgidecorators", whyNot: { kind: "python_module", name } as const });
  const counted = (programs: string, wants: string) =>
    whatCounts({ package: "pip:uwsgi", name: "uwsgi", programs: tried(programs), modules: [wanting(wants)] }).modules.length;
  expect([counted("uwsgi!", "uwsgi"), counted("uwsgi!", "greenlet"), counted("", "uwsgi")]).toEqual([0, 1, 1]);
});

test("a desktop entry counts, whatever it is called", () => {
  const entry = { name: "org.example.frob", title: "Frobnicate", whyNot: none };
  const counted = whatCounts({ package: "apt:frob", name: "frob", programs: [entry, ...tried("frob")], modules: [] });
  expect(counted.programs).toEqual([entry]);
});

test.each([
  ["PyYAML", ["_yaml", "yaml"], ["yaml"]],
  ["beautifulsoup4", ["bs4", "tests", "docs.conf"], ["bs4"]],
  ["setuptools", ["_distutils_hack", "pkg_resources", "setuptools"], ["setuptools"]],
  ["protobuf", ["google.protobuf", "google._upb._message"], ["google.protobuf"]],
  ["nothing", [], []],
])("of %s, with the modules %j, is tried %j", (name, modules, expected) => {
  expect(modulesToTry(name, modules)).toEqual(expected);
});
