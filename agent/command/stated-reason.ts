import { textReason } from "@guise/contract";
import { AgentError } from "../sdk/index.ts";
import type { App } from "./app.ts";
import { isInteractive } from "./context.ts";
import { type Ask, askAtTerminal } from "./persona-new/ask.ts";

const LONGEST = 200;

/**
 * Does the act with the reason that was given. Of somebody else's workspace one is needed: at a terminal it is asked for, and `further` asks
 * what else is to be known then; elsewhere the refusal says how to give it.
 */
export async function statingReason<T, F>(
  app: App,
  given: string | undefined,
  act: (reason: string | undefined, further: F | undefined) => Promise<T>,
  further: (ask: Ask) => Promise<F | undefined>,
): Promise<T> {
  try {
    return await act(given, undefined);
  } catch (error) {
    if (!isReasonMissing(error)) throw error;
    if (!isInteractive(app.context))
      throw new AgentError("invalid", "It is somebody else's workspace: its person reads why.", {
        remedy: "Give the reason: --reason TEXT",
      });
    app.output.still();
    const ask = askAtTerminal(app.context);
    const reason = await ask.text({ question: "It is somebody else's workspace. Why? Its person reads this.", check: unfit });
    return act(reason, await further(ask));
  }
}

export const REASON_OPTION = ["--reason <text>", "why, where it is somebody else's workspace: its person reads it"] as const;

function isReasonMissing(error: unknown): boolean {
  return error instanceof AgentError && error.problems.some(({ path, code }) => path === "$.reason" && code === "missing");
}

function unfit(typed: string): string | undefined {
  if (typed.length > LONGEST) return `has more than ${LONGEST} characters`;
  return textReason(typed);
}
