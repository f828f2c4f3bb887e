import type { DefinitionChange, PersonaDifference, ReachChange } from "@guise/contract";
import type { Command } from "commander";
import type { App } from "../app.ts";
import { documentIn } from "../document-in.ts";
import type { Output } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { type JsonOption, withJson } from "../verb.ts";
import { versionIn } from "./persona-bom.ts";

/** A value is shown on one line, so long. */
const LONGEST_VALUE = 100;

export function addDiff(group: Command, app: App): void {
  withJson(group.command("diff <persona> [from] [to]"))
    .summary("what changes between two versions or a file, and what the persona newly may")
    .description(
      "Compares two versions, without numbers the newest with the one before it; with --file the version that a request gets (or FROM) with\n" +
        "a document that is not published. Says member by member what changes, and in sentences what the persona newly may and no longer may.",
    )
    .option("--file <file>", "the later side: a document")
    .addHelpText(
      "after",
      "\nExamples:\n  guise persona diff data-analyst\n  guise persona diff data-analyst 3 5\n  guise persona diff data-analyst --file data-analyst.json",
    )
    .action(async (persona: string, from: string | undefined, to: string | undefined, options: JsonOption & { file?: string }) => {
      if (to !== undefined && options.file !== undefined)
        throw new UsageError(
          "the later side is a version or a file, not both",
          `guise persona diff ${persona} ${from ?? ""} --file ${options.file}`,
        );
      const difference = await (await app.connect()).personas.difference(persona, {
        ...(from === undefined ? {} : { from: Number(versionIn(from, persona)) }),
        ...(to === undefined ? {} : { to: Number(versionIn(to, persona)) }),
        ...(options.file === undefined ? {} : { document: await documentIn(app, options.file) }),
      });
      if (options.json === true) app.output.json(difference);
      else print(app.output, difference, options.file);
    });
}

function print(output: Output, difference: PersonaDifference, file: string | undefined): void {
  const { persona_id, from, to, changes, newly_may, no_longer_may } = difference;
  output.line(`${persona_id}: version ${from} → ${to === undefined ? (file ?? "") : `version ${to}`}`);
  if (changes.length === 0) {
    output.line("no difference");
    return;
  }
  for (const change of changes) for (const line of changeLines(change)) output.line(line);
  printReach(output, "newly", newly_may);
  printReach(output, "no longer", no_longer_may);
  if (newly_may.length + no_longer_may.length === 0) output.line("It may neither more nor less than before.");
}

function printReach(output: Output, word: string, changes: readonly ReachChange[]): void {
  if (changes.length === 0) return;
  output.line("");
  output.line(`It ${word}`);
  for (const { sentence, environments, everywhere } of changes)
    output.line(`  ${sentence}${everywhere ? "" : ` (in ${environments.join(", ")})`}`);
}

function changeLines({ path, before, after }: DefinitionChange): string[] {
  return [
    ...(before === undefined ? [] : [`- ${path} ${valueText(before)}`]),
    ...(after === undefined ? [] : [`+ ${path} ${valueText(after)}`]),
  ];
}

function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}
