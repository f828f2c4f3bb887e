import { autocompleteMultiselect, confirm, intro, isCancel, outro, select, text } from "@clack/prompts";
import { plainText } from "@guise/contract";
import { AgentError } from "../../sdk/index.ts";
import type { CommandContext } from "../context.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export interface TextQuestion {
  readonly question: string;
  readonly initial?: string;
  /** Shown while nothing is typed. */
  readonly example?: string;
  /** What is wrong with what was typed. */
  readonly check?: (typed: string) => string | undefined;
}

/** Questions to a person at a terminal. Rejects `aborted` when the person breaks off. */
export interface Ask {
  begin(title: string): void;
  end(words: string): void;
  text(question: TextQuestion): Promise<string>;
  yes(question: string, initial: boolean): Promise<boolean>;
  one(question: string, choices: readonly Choice[], initial?: string): Promise<string>;
  many(question: string, choices: readonly Choice[], required: boolean): Promise<readonly string[]>;
}

export function askAtTerminal({ stdin, stdout }: CommandContext): Ask {
  const streams = { input: stdin, output: stdout };
  const plain = (choices: readonly Choice[]) =>
    choices.map(({ value, label, hint }) => ({ value, label: plainText(label), ...(hint === undefined ? {} : { hint: plainText(hint) }) }));
  return {
    begin: (title) => intro(title, streams),
    end: (words) => outro(words, streams),
    async text({ question, initial, example, check }) {
      const options = {
        message: plainText(question),
        ...(initial === undefined ? {} : { initialValue: initial }),
        ...(example === undefined ? {} : { placeholder: example }),
      };
      const typed = await text({ ...streams, ...options, validate: (value) => check?.((value ?? "").trim()) });
      return (answered(typed) ?? "").trim();
    },
    yes: async (message, initialValue) => answered(await confirm({ ...streams, message, initialValue })),
    one: async (message, choices, initial) =>
      answered(
        await select<string>({ ...streams, message, options: plain(choices), ...(initial === undefined ? {} : { initialValue: initial }) }),
      ),
    many: async (message, choices, required) =>
      answered(await autocompleteMultiselect<string>({ ...streams, message, options: plain(choices), required, maxItems: 10 })),
  };
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new AgentError("aborted", "Broken off; nothing was written.");
  return answer as Exclude<T, symbol>;
}
