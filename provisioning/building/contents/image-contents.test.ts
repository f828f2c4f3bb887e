import { expect, test } from "vitest";
import { ContentsReader, packContents, unpackContents } from "./image-contents.ts";

function read(...lines: readonly string[]) {
  const reader = new ContentsReader();
  for (const line of lines) reader.push("apt", line);
  return reader.end();
}

test("a desktop entry stands for the program that it launches", () => {
  const { launchables, contents } = read(
    "installed\tgnumeric\t1.12",
    "program\tgnumeric\t/usr/bin/ssconvert",
    "program\tgnumeric\t/usr/bin/gnumeric",
    "interactive\thtop\t/usr/bin/htop",
    "entry\tgnumeric\t/usr/share/applications/org.gnumeric.desktop",
    "field\tName=Gnumeric",
    "field\tExec=gnumeric %U",
    "entry\tgnumeric\t/usr/share/applications/hidden.desktop",
    "field\tNoDisplay=true",
    "field\tExec=x",
  );
  expect(launchables.map(({ name, kind, broughtBy }) => [name, kind, broughtBy])).toEqual([
    ["ssconvert", "command", "apt:gnumeric"],
    ["htop", "terminal", "apt:htop"],
    ["gnumeric", "desktop", "apt:gnumeric"],
  ]);
  expect(contents).toEqual([{ manager: "apt", name: "gnumeric", version: "1.12" }]);
});

test("a name is there once, where a shell finds it first; of what a package depends on only its own parts count", () => {
  const { launchables } = read(
    "program\tpostgresql-15\t/usr/lib/postgresql/15/bin/psql",
    "program\tpostgresql-15\t/usr/bin/psql",
    "program\tpostgresql-15\t/usr/lib/postgresql/15/bin/initdb",
    "program\tr-base\t/usr/bin/R\tr-base-core",
    "program\tr-base\t/usr/bin/ucf\tucf",
    "program\tdefault-jdk\t/usr/bin/javac\topenjdk-17-jdk",
    "program\tfrobnicator\t/usr/bin/ip\tiproute2",
  );
  expect(launchables.map(({ command }) => command[0])).toEqual([
    "/usr/bin/psql",
    "/usr/lib/postgresql/15/bin/initdb",
    "/usr/bin/R",
    "/usr/bin/javac",
  ]);
});

test("of one desktop entry only so many fields are read", () => {
  const flood = Array.from({ length: 100_000 }, (_, index) => `field\tX-${index}=1`);
  const { launchables } = read("entry\ta\t/usr/share/applications/a.desktop", "field\tName=A", ...flood, "field\tExec=a");
  expect(launchables).toEqual([]);
});

test("what an image says is cleaned, bounded, and never fails the build", () => {
  const { launchables, contents } = read(
    "installed",
    "installed\tx",
    "nonsense\t1\t2",
    `installed\ta\u001b[31m\t${"9".repeat(1000)}`,
    "field\tName=x",
  );
  expect(launchables).toEqual([]);
  expect(contents[0]?.name).toBe("a[31m");
  expect(contents[0]?.version.length).toBeLessThan(400);
  const many = new ContentsReader();
  for (let i = 0; i < 30_000; i++) many.push("npm", `installed\tp${i}\t1`);
  expect(many.end().contents.length).toBe(20_000);
  const long = new ContentsReader();
  for (let i = 0; i < 20_000; i++) long.push("npm", `installed\tp${i}\t${"1".repeat(300)}`);
  expect(JSON.stringify(long.end()).length).toBeLessThan(3 * 2 ** 20);
});

test("is kept in an image's comment and read from nothing else", async () => {
  const contents = read("installed\tjq\t1.6", "program\tjq\t/usr/bin/jq");
  expect(await unpackContents(await packContents(contents))).toEqual(contents);
  for (const comment of ["", "guise1.", "guise1.AAAA", "Imported from -"]) expect(await unpackContents(comment)).toBeUndefined();
});
