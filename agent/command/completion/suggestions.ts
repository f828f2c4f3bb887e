import type { Command, Option } from "commander";

/** What may stand at the cursor. */
export interface Suggestions {
  readonly values: readonly Suggestion[];
  /** Paths of this machine too. */
  readonly files: boolean;
}

export interface Suggestion {
  readonly value: string;
  readonly description: string;
}

/** What Guise knows beyond its own verbs; each is asked for only where it may stand. */
export interface Known {
  /** Personas and the workspaces that the person holds. */
  personas(): Promise<readonly Suggestion[]>;
  /** Of a persona or workspace. */
  applications(persona: string): Promise<readonly Suggestion[]>;
}

const NOTHING: Suggestions = { values: [], files: false };

/** `words` are those behind the command's own name, the last one the one being typed. */
export async function suggestionsFor(program: Command, words: readonly string[], known: Known): Promise<Suggestions> {
  const typed = words.at(-1) ?? "";
  const { command, operands, awaits, isApart } = read(program, words.slice(0, -1));
  // The person's own command line inside a workspace: Guise knows nothing of it.
  if (isApart) return NOTHING;
  if (awaits !== undefined) return { values: matching(valuesOf(awaits), typed), files: isPath(awaits) };
  if (typed.startsWith("-")) return { values: matching(optionsOf(command), typed), files: false };
  if (command.commands.length > 0) return operands.length > 0 ? NOTHING : { values: matching(verbsOf(command), typed), files: false };
  const declared = command.registeredArguments;
  const argument = declared[operands.length] ?? (declared.at(-1)?.variadic === true ? declared.at(-1) : undefined);
  if (argument === undefined) return NOTHING;
  if (argument.name() === "persona") return { values: matching(await known.personas(), typed), files: false };
  if (argument.name() === "application") return { values: matching(await known.applications(operands[0] ?? ""), typed), files: false };
  return { values: matching((argument.argChoices ?? []).map(plain), typed), files: argument.name() === "file" || command.name() === "cp" };
}

/** How far the words before the cursor lead: to a verb, with operands, perhaps to an option that still wants its value. */
function read(program: Command, words: readonly string[]) {
  let command = program;
  const operands: string[] = [];
  let awaits: Option | undefined;
  for (const word of words) {
    if (awaits !== undefined) awaits = undefined;
    else if (word === "--") return { command, operands, awaits, isApart: true };
    else if (word.startsWith("-")) awaits = word.includes("=") ? undefined : wantingValue(command, word);
    else {
      const verb = operands.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (verb === undefined) operands.push(word);
      else command = verb;
    }
  }
  return { command, operands, awaits, isApart: false };
}

function wantingValue(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ short, long }) => short === word || long === word);
  return option?.required === true ? option : undefined;
}

function valuesOf({ argChoices }: Option): readonly Suggestion[] {
  return (argChoices ?? []).map(plain);
}

function isPath({ flags }: Option): boolean {
  return /<(?:file|path|folder)>/.test(flags);
}

function optionsOf(command: Command): readonly Suggestion[] {
  const options = command.createHelp().visibleOptions(command);
  return options.map(({ long, short, description }) => ({ value: long ?? short ?? "", description }));
}

function verbsOf(command: Command): readonly Suggestion[] {
  const verbs = command.createHelp().visibleCommands(command);
  return verbs.map((verb) => ({ value: verb.name(), description: verb.summary() || verb.description() }));
}

function plain(value: string): Suggestion {
  return { value, description: "" };
}

function matching(all: readonly Suggestion[], typed: string): readonly Suggestion[] {
  return all.filter(({ value }) => value.startsWith(typed));
}
