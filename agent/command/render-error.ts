import { type Amounts, DIMENSIONS, formatAmount, type Problem } from "@guise/contract";
import { AgentError } from "../sdk/index.ts";
import { UsageError } from "./usage-error.ts";

/** Three parts: what and where, the reason, what to try. Lists (problems, candidates) stand between. */
export function renderError(error: unknown): string[] {
  if (error instanceof AgentError) return renderAgentError(error);
  if (error instanceof UsageError) return [`error: ${error.message}`, error.reason, `try: ${error.remedy}`];
  const system = error as { code?: unknown; message?: unknown };
  const text = typeof system?.message === "string" ? system.message : String(error);
  return [`error: ${text}`, "This happened on this machine, not in the workspace.", "try: the same command again; then report it"];
}

function renderAgentError(error: AgentError): string[] {
  // Where nothing more is known than what the code means, it is said once.
  const meaning = error.message.replace(/\.$/, "") === error.meaning.replace(/\.$/, "") ? [] : [error.meaning];
  const reason = error.problems.length > 0 ? error.problems.map(problemLine) : meaning;
  const more = [...reason, ...candidateLines(error), ...largestLine(error)];
  if (error.code === "internal" && error.request_id !== undefined) more.push(`request id ${error.request_id}`);
  // what a program inside said may have lines of its own: they stand further in than ours
  const [first = "", ...said] = error.message.split("\n");
  return [`error: ${first}`, ...said.map((line) => `    ${line}`), ...more, `try: ${lowered(remedyOf(error))}`];
}

/** What can never be granted is not waited for. */
function remedyOf({ facts, remedy }: AgentError): string {
  return facts.never === true ? "Ask for less: another environment or persona, or a smaller version of this one" : remedy;
}

/** `$.launch[0]: no application "psqll" (nearest: psql)`. */
export function problemLine(problem: Problem): string {
  const nearest = problem.suggestion === undefined ? "" : ` (nearest: ${problem.suggestion})`;
  return `  ${problem.path}: ${problem.message}${nearest}`;
}

function candidateLines(error: AgentError): string[] {
  const personas = new Set(error.candidates.map(({ persona_id }) => persona_id));
  const ofWhich = (persona: string) => (personas.size > 1 ? `${persona}  ` : "");
  return error.candidates.map(
    ({ workspace_id, persona_id, environment, name, state }) =>
      `  ${workspace_id}  ${ofWhich(persona_id)}--environment ${environment} --name ${name}  (${state})`,
  );
}

/** The largest amount that could be granted, where the broker says so. */
function largestLine(error: AgentError): string[] {
  const largest = error.facts.largest as Partial<Amounts> | undefined;
  if (typeof largest !== "object" || largest === null) return [];
  const amounts = DIMENSIONS.flatMap((dimension) => {
    const amount = largest[dimension];
    return typeof amount === "number" ? [formatAmount(dimension, amount)] : [];
  });
  return amounts.length === 0 ? [] : [`The largest that could be granted: ${amounts.join(", ")}`];
}

/** "Sign in again" → "sign in again", after `try:`. */
function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
