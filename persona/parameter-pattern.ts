/** The longest text that is matched against an author's pattern. */
export const MAXIMUM_MATCHED_LENGTH = 256;
const MAXIMUM_REPETITIONS = 3;

/** Why a pattern is not accepted: it must compile, and no text of 256 characters may keep it busy. */
export function patternReason(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
  } catch {
    return "is not a regular expression";
  }
  const plain = pattern.replace(/\\[^1-9k]/g, "x").replace(/\[(?:[^\]])*\]/g, "x");
  if (/\\[1-9k]/.test(plain)) return "refers back to a group; that may take too long to match";
  if (/\(\?(?!:)/.test(plain)) return "looks ahead or behind, or names a group; that is not accepted";
  if (/\)\??[*+{]/.test(plain)) return "repeats a group; that may take too long to match";
  if ((plain.match(/[*+{]/g) ?? []).length > MAXIMUM_REPETITIONS) return `has more than ${MAXIMUM_REPETITIONS} repetitions`;
  return undefined;
}

export function matchesWhole(pattern: string, text: string): boolean {
  return text.length <= MAXIMUM_MATCHED_LENGTH && new RegExp(`^(?:${pattern})$`, "u").test(text);
}
