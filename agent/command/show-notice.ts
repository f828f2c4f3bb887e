import { plainText } from "@guise/contract";
import type { CommandContext } from "./context.ts";

/** Saves the cursor, goes to the top left, in reverse; then back as it was. */
const OVER = { begin: "\u0007\u001b7\u001b[1;1H\u001b[0;7m", end: "\u001b[0m\u001b8" } as const;

/** A line beside the command's own output: on standard error, which no pipe takes for the result. */
export function noticeBeside({ stderr }: Pick<CommandContext, "stderr">): (message: string) => void {
  return (message) => void stderr.write(`${lineOf(message)}\n`);
}

/**
 * While a program has the whole terminal: with a bell, over the first line of the screen. The cursor stands where it stood, so that what
 * the program draws next is right; the line goes when the program draws there.
 */
export function noticeOver({ stderr }: Pick<CommandContext, "stderr">): (message: string) => void {
  if (stderr.isTTY !== true) return noticeBeside({ stderr });
  return (message) => void stderr.write(`${OVER.begin} ${lineOf(message)} ${OVER.end}`);
}

function lineOf(message: string): string {
  return `guise: ${plainText(message)}`;
}
