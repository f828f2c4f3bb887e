import { expect, test } from "vitest";
import { read, refused } from "./test-import.ts";

/*
 * Lists that are no good, and what becomes of them: each gives rows that say why, and no draft or one without what is no package.
 *
 * | input | outcome |
 * | --- | --- |
 * | 5,000 lines | no draft; "a persona has 300 at most: split the list", first of all |
 * | lists that name each other in a circle | each is read once, and that is told |
 * | a JSON of 10 MiB | refused unread; the other lists are read (the command refuses it before it is sent: `agent/command/program.test.ts`) |
 * | a name that is an option, a path, an address or a command | never a package, whatever list it stands in |
 * | anchors, nesting, keys, lines, words without end | an end, with few rows |
 *
 * Mirrors and packages that are no good: `provisioning/drivers/docker/images/bad-mirrors.engine.test.ts`.
 */

test.each([
  ["anchors without end", "environment.yml", `dependencies:\n${"- &a ".repeat(40_000)}`],
  ["nesting without end", "environment.yml", `dependencies: ${"[".repeat(60_000)}`],
  ["keys without end", "environment.yml", Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`).join("\n")],
  ["lines without end", "requirements.txt", Array.from({ length: 50_000 }, (_, index) => `p${index}`).join("\n")],
  ["a line without end", "requirements.txt", "abc \\\n".repeat(40_000)],
  ["a word without end", "requirements.txt", "a".repeat(250_000)],
  [
    "dependencies without end",
    "package.json",
    JSON.stringify({ dependencies: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`p${index}`, "1"])) }),
  ],
])("%s end, and do not grow out of hand", (_, name, content) => {
  expect(read({ [name]: content }).rows.length).toBeLessThan(5_010);
});

test("a list that is longer than any is refused unread, and the others are read", () => {
  const big = JSON.stringify({ dependencies: { x: "1".repeat(10 * 2 ** 20) } });
  const { definition, rows } = read({ "package.json": big, "apt.txt": "jq\n" }, "package.json", "apt.txt");
  expect(refused(rows)).toEqual(["package.json: is longer than 256 KiB: split it"]);
  expect(definition?.required_applications).toEqual(["apt:jq"]);
});

test("five thousand lines are too many for one persona, and that is said first", () => {
  const { definition, rows } = read({ "requirements.txt": Array.from({ length: 4_999 }, (_, index) => `p${index}`).join("\n") });
  expect(definition).toBeUndefined();
  expect(rows[0]).toMatchObject({ text: "4999 packages", why: "a persona has 300 at most: split the list" });
});

test("lists that name each other in a circle are read once", () => {
  const files = {
    "environment.yml": "dependencies:\n  - pip:\n    - -r a.txt\n    - -r a.txt\n",
    "a.txt": "-r b.txt\n-c b.txt\nrich\n",
    "b.txt": "-r a.txt\n-r b.txt\ntyper\n",
  };
  const { definition, rows } = read(files);
  expect(definition?.required_applications).toEqual(["pip:typer", "pip:rich"]);
  expect(rows.filter(({ why }) => why?.endsWith("is read already")).length).toBeGreaterThan(2);
});

const HOSTILE = [
  "--registry=http://x.example",
  "-e",
  "../x",
  "/etc/passwd",
  "https://x.example/x.tgz",
  "file:///x",
  "git+ssh://x.example/x",
  "$(id)",
  "a;id",
];

test.each([
  ["requirements.txt", (name: string) => `${name}\n`],
  ["apt.txt", (name: string) => `${name}\n`],
  ["Aptfile", (name: string) => `${name}\n`],
  [".tool-versions", (name: string) => `${name} 1.0\n`],
  ["pyproject.toml", (name: string) => `[project]\ndependencies = [${JSON.stringify(name)}]\n`],
  ["pyproject.toml", (name: string) => `[tool.poetry.dependencies]\n${JSON.stringify(name)} = "*"\n`],
  ["environment.yml", (name: string) => `dependencies: [${JSON.stringify(name)}, { pip: [${JSON.stringify(name)}] }]\n`],
  ["package.json", (name: string) => JSON.stringify({ dependencies: { [name]: "1" } })],
  ["package.json", (name: string) => JSON.stringify({ dependencies: { a: name } })],
  ["package.json", (name: string) => JSON.stringify({ packageManager: `pnpm@${name}` })],
  [
    "devcontainer.json",
    (name: string) => JSON.stringify({ features: { [name]: {} }, image: name, postCreateCommand: ["pip", "install", name] }),
  ],
  ["devcontainer.json", (name: string) => JSON.stringify({ postCreateCommand: ["npm", "install", "-g", name] })],
  ["devcontainer.json", (name: string) => JSON.stringify({ postCreateCommand: ["apt-get", "install", name] })],
])("names in %s that are options, paths, addresses or commands are no packages: %s", (file, listOf) => {
  for (const name of HOSTILE) {
    const { definition, rows } = read({ [file]: listOf(name) });
    expect([name, definition?.required_applications ?? []]).toEqual([name, []]);
    for (const { why } of rows) expect(why?.length).toBeGreaterThan(5);
  }
});

test("lists after one that is too long are not read, and that is told once", () => {
  const lines = Array.from({ length: 6_000 }, (_, index) => `p${index}`).join("\n");
  const { rows } = read({ "requirements.txt": lines, Gemfile: "x", "package.json": "{" }, "requirements.txt", "Gemfile", "package.json");
  expect(rows.filter(({ why }) => why?.includes("the rest was not read") === true).length).toBe(1);
});

test.each([
  ["a list of which nothing is carried", { "requirements.txt": "-e .\n" }],
  ["JSON that is none", { "package.json": "{" }],
  ["TOML that is none", { "pyproject.toml": "[project" }],
  [
    "YAML that grows without end",
    {
      "environment.yml": `a: &a [x,x]\n${[..."bcdefghij"].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefghij"[i]}`).join(",")}]`).join("\n")}\ndependencies: *j\n`,
    },
  ],
  ["a list of another kind", { Gemfile: "gem 'rails'\n" }],
  ["a list that is too long", { "requirements.txt": Array.from({ length: 5_000 }, (_, index) => `package-${index}`).join("\n") }],
])("%s gives no draft, and says why", (_, files) => {
  const { definition, rows } = read(files as unknown as Record<string, string>);
  expect(definition).toBeUndefined();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows[0]?.why?.length).toBeGreaterThan(5);
});
