import { join } from "node:path";
import { parse as parseIni } from "ini";
import { parse as parseToml } from "smol-toml";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { type FilePart, plannedFiles } from "./file-draft.ts";
import { loadCatalog } from "./load-catalog.ts";
import { applicationFaults, planApplication } from "./plan-application.ts";

const catalog = await loadCatalog(join(import.meta.dirname, "..", "catalog"));

function entryOf(application: string) {
  const entry = catalog.find(application);
  if (entry === undefined) throw new Error(`${application} is not in the catalog`);
  return entry;
}

function contents(application: string, values: Record<string, unknown>) {
  const entry = entryOf(application);
  expect(applicationFaults(entry, values)).toEqual([]);
  const { files, variables } = planApplication(entry, values);
  return { variables, files: Object.fromEntries(plannedFiles(files).map(({ path, content }) => [path, content])) };
}

test("JupyterLab's theme stands where its own settings service looks", () => {
  const { files } = contents("jupyterlab", { theme: "dark", code_font_size: 15, default_path: "~/work/notes" });
  const themes = files["~/.jupyter/lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"];
  expect(JSON.parse(themes ?? "")).toEqual({ theme: "JupyterLab Dark", overrides: { "code-font-size": "15px" } });
  expect(JSON.parse(files["~/.jupyter/jupyter_lab_config.json"] ?? "")).toEqual({ LabApp: { default_url: "/lab/tree/work/notes" } });
});

test("psql gets a section per named connection, and the one in use as a variable", () => {
  const services = { "sales-dev": { host: "10.0.0.1", port: 5433, options: "-c search_path=a" }, "sales-prod": { host: "db" } };
  const { files, variables } = contents("psql", { services, service: "sales-dev", timing: true });
  expect(variables).toEqual({ PGSERVICE: "sales-dev" });
  expect(parseIni(files["~/.pg_service.conf"] ?? "")).toEqual({
    "sales-dev": { host: "10.0.0.1", port: "5433", options: "-c search_path=a" },
    "sales-prod": { host: "db" },
  });
  expect(files["~/.psqlrc"]?.split("\n")).toContain("\\timing on");
});

test("Ruff's TOML and Prettier's YAML say what was set, and the defaults of the rest", () => {
  const ruff = contents("ruff", { select: ["E", "F401"], quote_style: "single" });
  expect(parseToml(ruff.files["~/.config/ruff/ruff.toml"] ?? "")).toEqual({
    "line-length": 88,
    lint: { select: ["E", "F401"] },
    format: { "quote-style": "single" },
  });
  const prettier = contents("prettier", { semicolons: false, print_width: 100 });
  expect(parseYaml(prettier.files["~/.prettierrc.yaml"] ?? "")).toEqual({ printWidth: 100, semi: false, proseWrap: "preserve" });
});

test("ripgrep reads one argument a line, from a file that a variable names in full", () => {
  const { files, variables } = contents("ripgrep", { exclude: ["*.lock", "a b"], hidden: false, case: "ignore" });
  expect(variables).toEqual({ RIPGREP_CONFIG_PATH: "/home/user/.config/ripgrep/config" });
  expect(files["~/.config/ripgrep/config"]).toBe("--ignore-case\n--no-hidden\n--glob=!*.lock\n--glob=!a b\n");
});

test("connections and rules are written at every start, tastes only once", () => {
  const applied = (application: string, values: Record<string, unknown>) =>
    Object.fromEntries(plannedFiles(planApplication(entryOf(application), values).files).map(({ path, apply }) => [path, apply]));
  expect(applied("psql", { services: { a: { host: "b" } } })).toEqual({ "~/.pg_service.conf": "enforced", "~/.psqlrc": "default" });
  expect(applied("ruff", {})).toEqual({ "~/.config/ruff/ruff.toml": "enforced" });
});

test("settings that are only options of the command follow it, once for each item, with the home in full", () => {
  const datasette = { databases: ["~/a.db", "/data/sample-sales/sales.sqlite"], page_size: 20, cross_database: true, downloads: false };
  expect(applicationFaults(entryOf("datasette"), datasette)).toEqual([]);
  expect(planApplication(entryOf("datasette"), datasette).arguments).toEqual([
    "--immutable=/home/user/a.db",
    "--immutable=/data/sample-sales/sales.sqlite",
    ...["--setting", "default_page_size", "20"],
    ...["--setting", "allow_download", "off"],
    "--crossdb",
  ]);
  expect(planApplication(entryOf("datasette"), { cross_database: false }).arguments).toEqual([]);
  expect(planApplication(entryOf("sqlite"), { database: "~/$& $1.db" }).arguments).toEqual(["-cmd", '.open "/home/user/$& $1.db"']);
  expect(planApplication(entryOf("lnav"), {}).arguments).toEqual(["/home/user"]);
});

test("Git and Tig write into one file", () => {
  const parts = [
    ...planApplication(entryOf("git"), { user_name: 'A "B" #1' }).files,
    ...planApplication(entryOf("tig"), { tab_size: 4 }).files,
  ];
  const [file, ...others] = plannedFiles(parts);
  expect(others).toEqual([]);
  expect(file?.content).toContain('[user]\n\tname = "A \\"B\\" #1"\n');
  expect(file?.content).toMatch(/\[tig\]\n(\t.*\n)*\ttab-size = 4\n/);
});

test.each([
  ["jupyterlab", { theme: "drak" }, { at: ["theme"], code: "wrong_value", suggestion: "dark" }],
  ["jupyterlab", { them: "dark" }, { at: ["them"], code: "unknown_name", suggestion: "theme" }],
  ["jupyterlab", { constructor: 1 }, { at: ["constructor"], code: "unknown_name" }],
  ["jupyterlab", { default_path: "/etc" }, { at: ["default_path"], code: "wrong_value" }],
  ["jupyterlab", { default_path: "~/../x" }, { at: ["default_path"], code: "wrong_value" }],
  ["jupyterlab", { code_font_size: "15" }, { at: ["code_font_size"], code: "wrong_type" }],
  ["jupyterlab", { code_font_size: 1 }, { at: ["code_font_size"], code: "wrong_value", suggestion: "6" }],
  ["psql", { services: { a: { hots: "x", host: "y" } } }, { at: ["services", "a", "hots"], code: "unknown_name", suggestion: "host" }],
  ["psql", { services: { a: {} } }, { at: ["services", "a", "host"], code: "missing" }],
  ["psql", { services: { "a]\nx": {} } }, { at: ["services", "a]\nx"], code: "wrong_value" }],
  ["psql", { services: [] }, { at: ["services"], code: "wrong_type" }],
  ["psql", { null_display: "'\n\\! id" }, { at: ["null_display"], code: "wrong_value" }],
  ["psql", { null_display: "' \\! id" }, { at: ["null_display"], code: "wrong_value" }],
  ["ruff", { select: "E" }, { at: ["select"], code: "wrong_type" }],
  ["ruff", { select: ["E", "lower"] }, { at: ["select", 1], code: "wrong_value" }],
  ["datasette", { databases: ["--plugins-dir=/tmp"] }, { at: ["databases", 0], code: "wrong_value" }],
  ["lnav", { sources: ["-I"] }, { at: ["sources", 0], code: "wrong_value" }],
  ["sqlite", { database: '~/a"\n.shell id' }, { at: ["database"], code: "wrong_value" }],
  ["git", { user_name: "a\nb" }, { at: ["user_name"], code: "wrong_value" }],
])("%s refuses %j", (application, values, expected) => {
  expect(applicationFaults(entryOf(application), values)).toMatchObject([expected]);
});

test("a file has one format and one way of being applied, and later values win", () => {
  const json = (merge: Record<string, unknown>, apply: "default" | "enforced" = "default"): FilePart => ({
    path: "~/.x",
    format: "json",
    merge,
    apply,
  });
  expect(JSON.parse(plannedFiles([json({ a: { b: 1, c: 1 } }), json({ a: { b: 2 } })])[0]?.content ?? "")).toEqual({ a: { b: 2, c: 1 } });
  expect(() => plannedFiles([json({}), { path: "~/.x", format: "ini", merge: {}, apply: "default" }])).toThrow(
    expect.objectContaining({ code: "two_formats" }),
  );
  expect(() => plannedFiles([json({}), json({}, "enforced")])).toThrow(expect.objectContaining({ code: "two_manners" }));
});

test("a tree is written whole and merged, unless it replaces; what is no tree can only be replaced or left", () => {
  const json = (apply: FilePart["apply"]): FilePart => ({ path: "~/.x", format: "json", merge: { a: 1 }, apply });
  const text = (apply: FilePart["apply"]): FilePart => ({ path: "~/.x", format: "text", content: "a", apply });
  const planned = (part: FilePart) => plannedFiles([part]).map(({ apply, merge }) => [apply, merge])[0];
  const merge = { format: "json", keys: { a: 1 } };
  expect([planned(json("default")), planned(json("enforced")), planned(json("replace"))]).toEqual([
    ["default", merge],
    ["enforced", merge],
    ["replace", undefined],
  ]);
  expect([planned(text("default")), planned(text("enforced")), planned(text("replace"))].map((one) => one?.[0])).toEqual([
    "default",
    "replace",
    "replace",
  ]);
});

test("merged names never reach the prototype of objects", () => {
  const merge = JSON.parse('{"__proto__": {"polluted": true}}');
  plannedFiles([
    { path: "~/.x", format: "json", merge, apply: "default" },
    { path: "~/.x", format: "json", merge, apply: "default" },
  ]);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});
