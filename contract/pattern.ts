import { RE2JS, RE2JSSyntaxException } from "re2js";
import { MAXIMUM_PATTERN_LENGTH } from "./persona.ts";

/*
 * Patterns that authors and catalog entries write, in RE2's syntax. They are matched in time that grows with the text and no faster;
 * JavaScript's own matching doubles its time with each group of "(a|a)(a|a)…". A door of its own: whoever only speaks the vocabulary loads no engine.
 */

/** States of one pattern: each character of a text costs at most so many moves. 1,000 of them over 256 characters took 30 ms. */
export const MAXIMUM_PATTERN_STATES = 1000;

const REPEATS = `repeats too much: at most ${MAXIMUM_PATTERN_STATES} states are accepted`;

export interface Pattern {
  /** What it costs for each character of a text, at most. */
  readonly states: number;
  /** Whether the whole text is of this form. */
  matches(text: string): boolean;
}

export type PatternReading =
  | { readonly pattern: Pattern; readonly reason?: never; readonly tooLarge?: never }
  | { readonly reason: string; readonly tooLarge: boolean; readonly pattern?: never };

/** Reads a pattern, or says why it is not accepted and which part of it is meant. */
export function readPattern(text: string): PatternReading {
  if (text.length > MAXIMUM_PATTERN_LENGTH)
    return { reason: `has ${text.length} characters; at most ${MAXIMUM_PATTERN_LENGTH} are accepted`, tooLarge: true };
  // the worst of the accepted length would be 180,000 states, and 260 ms of reading
  if (copiesIn(text) > MAXIMUM_PATTERN_STATES) return { reason: REPEATS, tooLarge: true };
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(text);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return { reason: reasonOf(error, text), tooLarge: false };
    throw error;
  }
  const states = compiled.programSize();
  if (states > MAXIMUM_PATTERN_STATES) return { reason: REPEATS, tooLarge: true };
  return { pattern: { states, matches: (value) => compiled.matches(value) } };
}

const PARTS = /\\[pP]\{[^}\\]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]?|\{\d*(?:,(\d*))?\}|./gsu;

/** How many parts the pattern has when each counted repetition is written out. */
function copiesIn(text: string): number {
  const open = [0];
  let last = 0;
  for (const [part, most = ""] of text.matchAll(PARTS)) {
    const times = part.startsWith("{") ? Math.max(1, Number(most || Number.parseInt(part.slice(1), 10)) || 1) : 0;
    if (part === "(") open.push(0);
    else {
      const added = part === ")" ? (open.length > 1 ? (open.pop() ?? 0) : 0) + 1 : times > 0 ? last * (times - 1) : 1;
      open.push((open.pop() ?? 0) + added);
      last = times > 0 ? last * times : added;
    }
  }
  return open.reduce((sum, copies) => sum + copies, 0);
}

/** What other engines know and linear time cannot have, by the beginning of the part that was not understood. */
const BEYOND: readonly { readonly part: RegExp; readonly what: string }[] = [
  { part: /^\(\?<?[=!]/, what: "looks ahead or behind" },
  { part: /^\\(?:[1-9]|k)|^\(\?P=/, what: "refers back to a group" },
  { part: /^\(\?>|^(?:[*+?]|\{[0-9,]*\})\+$/, what: "forbids to try again" },
  { part: /^\(\?\(|^\(\?[R0-9&]/, what: "depends on a group, or calls itself" },
];

function reasonOf({ error, input }: RE2JSSyntaxException, text: string): string {
  const part = input ?? "";
  const beyond = BEYOND.find((one) => one.part.test(part));
  const at = part === "" ? -1 : text.indexOf(part);
  const place = at < 0 ? "" : ` at character ${at + 1} ("${part.slice(0, 20)}")`;
  if (beyond !== undefined) return `${beyond.what}${place}: patterns are matched in linear time, which cannot do that`;
  return `is not a pattern of RE2's syntax: ${error}${place}`;
}
