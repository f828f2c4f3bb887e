import type { ParameterDefinition } from "@guise/contract";
import { type Pattern, readPattern } from "@guise/contract/pattern";
import { type Fault, fault, quoted } from "#applications";

/** The longest text that is matched against an author's pattern. */
export const MAXIMUM_MATCHED_LENGTH = 256;
/** States of all patterns of a persona together: each request is matched against them on the thread that serves everybody. */
export const MAXIMUM_PERSONA_STATES = 2000;

interface Definition {
  readonly type?: ParameterDefinition["type"] | undefined;
  readonly pattern?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
}

export interface PatternsReading {
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** Places are counted from the parameters. */
  readonly faults: readonly Fault[];
}

/** The patterns of a persona's parameters. After one that is too large no other is read: reading them costs too. */
export function readPatterns(definitions: readonly (readonly [string, Definition])[]): PatternsReading {
  const patterns = new Map<string, Pattern>();
  const faults: Fault[] = [];
  let states = 0;
  for (const [name, definition] of definitions) {
    if (definition.pattern === undefined) continue;
    const at = [name, "pattern"];
    const unfit = unfitReason(definition);
    const { pattern, reason, tooLarge = false } = readPattern(definition.pattern);
    if (unfit !== undefined) faults.push(fault(at, "wrong_value", unfit));
    else if (pattern === undefined)
      faults.push(fault(at, tooLarge ? "too_large" : "wrong_value", `${quoted(definition.pattern)} ${reason}`));
    else patterns.set(name, pattern);
    states += pattern?.states ?? 0;
    if (states > MAXIMUM_PERSONA_STATES) faults.push(fault(at, "too_large", tooManyStates(states)));
    if (tooLarge || states > MAXIMUM_PERSONA_STATES) break;
  }
  return { patterns, faults };
}

function unfitReason({ type, enum: choices }: Definition): string | undefined {
  if (type !== undefined && type !== "string") return "a pattern is for parameters of type string";
  return choices === undefined ? undefined : "stands beside enum, which already lists every value";
}

function tooManyStates(states: number): string {
  return `makes ${states} states with the patterns before it; at most ${MAXIMUM_PERSONA_STATES} are accepted in a persona`;
}
