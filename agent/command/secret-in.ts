import { isCancel, password } from "@clack/prompts";
import { plainText } from "@guise/contract";
import { AgentError } from "../sdk/index.ts";
import { type CommandContext, isInteractive } from "./context.ts";
import { UsageError } from "./usage-error.ts";

/** What is longer was not meant. */
const LONGEST = 16 * 1024;

/**
 * Something secret: asked for without being shown, or the first line of the standard input where that is no terminal. Never an argument, which
 * everybody on this machine can read. Rejects `aborted` when nothing is answered.
 */
export async function secretIn(context: CommandContext, what: string): Promise<string> {
  if (isInteractive(context)) {
    const answer = await password({ input: context.stdin, output: context.stderr, message: plainText(what) });
    if (isCancel(answer) || answer === "") throw new AgentError("aborted", "Nothing was changed.");
    return answer;
  }
  let text = "";
  for await (const piece of context.stdin) {
    text += String(piece);
    if (text.includes("\n") || text.length > LONGEST) break;
  }
  const [line = ""] = text.split("\n");
  const secret = line.replace(/\r$/, "");
  if (secret === "" || secret.length > LONGEST)
    throw new UsageError(`${what} is read from the first line of the standard input`, "printf '%s\\n' \"$SECRET\" | guise …");
  return secret;
}
