import { type Amounts, DIMENSIONS, type Dimension, formatAmount } from "./resources.ts";

/** How what a machine has becomes what may be given out of it: `(has − kept) × times`, per dimension. */
export interface GivenOut {
  readonly kept: Amounts;
  readonly times: Amounts;
}

/** Why what may be given out of a dimension is not what the machine has, in words with the numbers; undefined where it is. */
export function givenOutText(dimension: Dimension, { kept, times }: GivenOut, has?: number): string | undefined {
  const less = kept[dimension] > 0 ? `less ${formatAmount(dimension, kept[dimension])} kept for the machine and Guise` : "";
  const often = times[dimension] === 1 ? "" : `given out ${times[dimension]} times`;
  const parts = [less, often].filter((part) => part !== "");
  if (parts.length === 0) return undefined;
  return `${has === undefined ? `the ${dimension} of the machine` : `${formatAmount(dimension, has)} of the machine`}, ${parts.join(", ")}`;
}

/** The same for each dimension that needs it. */
export function givenOutTexts(rules: GivenOut, has: Amounts): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const dimension of DIMENSIONS) {
    const text = givenOutText(dimension, rules, has[dimension]);
    if (text !== undefined) texts[dimension] = text;
  }
  return texts;
}
