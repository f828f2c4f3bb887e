import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { guiseProgram } from "../../agent/command/program.ts";
import { architectureDocument, readArchitecture } from "../../docs/write-architecture.ts";
import { references } from "../../docs/write-references.ts";

test("docs/architecture.md shows the import table and the states as they are (node docs/write-architecture.ts)", () => {
  expect(readArchitecture()).toBe(architectureDocument(readArchitecture()));
});

test("the references say what the code says (node docs/write-references.ts)", async () => {
  for (const [file, text] of await references()) expect(readFileSync(file, "utf8"), file).toBe(text);
});

test("links between documents lead somewhere", () => {
  const files = [...globSync("*.md"), ...globSync("{docs,agent,catalog}/**/*.md", { exclude: (name) => name.includes("node_modules") })];
  const broken = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map((match) => join(dirname(file), match[1] ?? ""))
      .filter((target) => !existsSync(target)),
  );
  expect(broken).toEqual([]);
});

test("commands in documents are ones that the command knows, with its options and enough arguments", () => {
  const files = ["README.md", ...globSync("docs/{how-to,explanation,tutorials}/*.md")];
  const lines = files.flatMap((file) => commandsIn(readFileSync(file, "utf8")).map((command) => ({ file, command })));
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.flatMap(({ file, command }) => whyWrong(command).map((why) => `${file}: guise ${command}: ${why}`))).toEqual([]);
});

/** What stands behind `guise` in code, in blocks and in lines. */
function commandsIn(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^```(?:sh|console)[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, body = ""]) => body.split("\n"));
  const inline = [...page.matchAll(/`((?:\.\/)?guise [a-z][^`]*)`/g)].map(([, code = ""]) => code);
  return [...blocks, ...inline].flatMap((line) => {
    const [, command] = /^(?:\$ )?(?:\.\/)?guise (.+?)(?:\s+#.*)?$/.exec(line) ?? [];
    return command === undefined || /[|>]/.test(command.split(" -- ")[0] ?? "") ? [] : [command];
  });
}

/** Walks the verbs as the shell would give the words; what runs inside is the person's own. */
function whyWrong(line: string): readonly string[] {
  const words = (line.split(/ -- | --$/)[0] ?? "").split(/\s+/);
  let command: Command = guiseProgram({} as never);
  const operands: string[] = [];
  const wrong: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const verb = operands.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    const option = command.options.find(({ short, long }) => short === word || long === word || word.startsWith(`${long}=`));
    if (verb !== undefined) command = verb;
    else if (option !== undefined) at += option.required && !word.includes("=") ? 1 : 0;
    else if (word.startsWith("-")) wrong.push(`no option ${word}`);
    else operands.push(word);
  }
  const needed = command.registeredArguments.filter(({ required, variadic }) => required && !(variadic && line.includes(" -- ")));
  // A verb that is only named has none.
  if (operands.length > 0 && operands.length < needed.length) wrong.push("arguments are missing");
  if (command.commands.length > 0 && operands.length > 0) wrong.push(`no verb ${operands[0]}`);
  return wrong;
}
