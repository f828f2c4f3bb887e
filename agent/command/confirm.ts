import { confirm, isCancel } from "@clack/prompts";
import { plainText } from "@guise/contract";
import { AgentError } from "../sdk/index.ts";
import type { CommandContext } from "./context.ts";

/** Asks a person at a terminal before something is done. Rejects `aborted` when the answer is no, or none. */
export async function confirmed({ stdin, stderr }: Pick<CommandContext, "stdin" | "stderr">, question: string): Promise<void> {
  const answer = await confirm({ input: stdin, output: stderr, message: plainText(question), initialValue: false });
  if (isCancel(answer) || !answer) throw new AgentError("aborted", "Nothing was changed.");
}
