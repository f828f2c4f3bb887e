import type { Command } from "commander";

/** The verbs that run something of the person's inside, and how many operands are ours before it begins. */
const OURS: Readonly<Record<string, number>> = { exec: 1, launch: 2, run: 1 };

/**
 * Puts `--` where the person's own command line begins, so that its options are its own: `guise exec P ls -la`. What stands before
 * the first word of it, and is an option of the verb, is ours; a `--` that the person wrote stays the only one.
 */
export function commandApart(args: readonly string[], program: Pick<Command, "commands">): readonly string[] {
  const [verb = "", ...rest] = args;
  const ours = Object.hasOwn(OURS, verb) ? OURS[verb] : undefined;
  const command = program.commands.find((one) => one.name() === verb);
  if (ours === undefined || command === undefined) return args;
  let operands = 0;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (word === "--") return args;
    const option = word.length > 1 && word.startsWith("-") ? optionOf(command, word) : undefined;
    if (option !== undefined) at += option.takesNext ? 1 : 0;
    else if (++operands > ours) return [verb, ...rest.slice(0, at), "--", ...rest.slice(at)];
  }
  return args;
}

function optionOf(command: Command, word: string): { readonly takesNext: boolean } | undefined {
  if (word === "-h" || word === "--help") return { takesNext: false };
  const [name = word] = word.split("=", 1);
  const option = command.options.find(({ long, short }) => long === name || short === name);
  if (option !== undefined) return { takesNext: option.required && !word.includes("=") };
  // `-edev`: the value in the same word.
  const joined = command.options.some(({ short, required }) => required && short !== undefined && word.startsWith(short));
  return joined && !word.startsWith("--") ? { takesNext: false } : undefined;
}
