import type { Problem } from "@guise/contract";

/** A problem at a place that is counted from what was checked; the caller, who knows the whole document, makes the JSON path. */
export interface Fault {
  readonly at: readonly (string | number)[];
  readonly code: Problem["code"];
  readonly message: string;
  readonly suggestion?: string;
}

/** A fault with the suggestion left out where there is none. */
export function fault(at: Fault["at"], code: Fault["code"], message: string, suggestion?: string): Fault {
  return suggestion === undefined ? { at, code, message } : { at, code, message, suggestion };
}

/** What was written, quoted and cut, for messages. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
