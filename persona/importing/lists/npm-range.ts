/** What npm's package syntax here says of a range; `how`: where that is not the range itself; `reason`: why nothing does. */
export type RangeReading =
  | { readonly range: string; readonly how?: string; readonly reason?: never }
  | { readonly reason: string; readonly range?: never; readonly how?: never };

const VERSION = /^(?:\d{1,9}(?:\.(?:\d{1,9}|[xX*])){0,2}(?:-[0-9A-Za-z.-]{1,60})?)$/;
const NO_RANGE = "is no range in one word that has versions: write one version";
/** More alternatives than any package has majors in use. */
const MOST_ALTERNATIVES = 10;

/** A range of package.json as one word: alternatives of one condition each; "" for any version. https://github.com/npm/node-semver#ranges */
export function readNpmRange(written: string): RangeReading {
  const text = written.trim().slice(0, 300);
  if (/^(?:|[*xX]|latest)$/.test(text)) return { range: "" };
  if (/^[a-z][\w.-]{0,60}$/i.test(text) && !/^v\d/.test(text)) return { reason: `${text} is a tag, which moves: write a version` };
  const parts = text.split("||").map(readAlternative);
  if (parts.some((part) => part === undefined)) return { reason: NO_RANGE };
  const range = [...new Set(parts.flatMap((part) => part?.alternatives ?? []))];
  if (range.includes("*")) return { range: "" };
  if (range.length > MOST_ALTERNATIVES) return { reason: `has more than ${MOST_ALTERNATIVES} alternatives: write one version` };
  const joined = range.join("||");
  const has = (what: "isOpen" | "isRewritten") => parts.some((part) => part?.[what] === true);
  if (has("isOpen")) return { range: joined, how: "its lower bound is left out: the newest below the upper one is taken" };
  return has("isRewritten") ? { range: joined, how: "the same range, in one word" } : { range: joined };
}

interface Alternative {
  readonly alternatives: readonly string[];
  readonly isRewritten?: boolean;
  /** The lower bound is left out. */
  readonly isOpen?: boolean;
}

/** "^1.2", "1.2 - 2", ">=1 <3" */
function readAlternative(part: string): Alternative | undefined {
  const words = part
    .trim()
    .replace(/([<>=^~])\s{1,9}/g, "$1")
    .split(/\s{1,9}/);
  if (words.length === 3 && words[1] === "-") {
    const upper = (words[2] ?? "").replace(/^v/, "");
    return between((words[0] ?? "").replace(/^v/, ""), `<=${upper}`);
  }
  const conditions = words.map(plainCondition);
  const [first, second, ...more] = conditions;
  if (first === undefined || more.length > 0) return undefined;
  if (conditions.length === 1) return { alternatives: [first] };
  const lower = conditions.find((one) => one?.startsWith(">="));
  const upper = conditions.find((one) => one?.startsWith("<"));
  return second === undefined || lower === undefined || upper === undefined ? undefined : between(lower.slice(2), upper);
}

/** A condition without what says nothing: "=1.3.0", "v1.3", "~>1.3", "1.3.0+build". */
function plainCondition(word: string): string | undefined {
  if (/^[*xX]$/.test(word)) return "*";
  const [, sign = "", version = ""] = /^(>=|<=|[<>^]|~>?|={0,2})v?([^+]{1,80})(?:\+.{0,80})?$/.exec(word) ?? [];
  if (!VERSION.test(version)) return undefined;
  return `${sign.replace("~>", "~").replace(/^={1,2}$/, "")}${version.replaceAll(".X", ".x")}`;
}

/**
 * Two bounds as alternatives that one word can say: the majors, or the minors of one major, between them. Where these cannot be counted,
 * the upper bound: npm takes the newest that fits, so the lower one decides nothing while anything between them is there.
 */
function between(lower: string, upper: string): Alternative | undefined {
  const below = upper.replace(/^<=?/, "");
  if (!VERSION.test(lower) || !VERSION.test(below)) return undefined;
  const [from, to] = [numbersOf(lower), numbersOf(below)];
  const isWithin = upper.startsWith("<=");
  if (orderOf(from, to) > 0 || (orderOf(from, to) === 0 && !isWithin)) return undefined;
  const isPatch = (to[2] ?? 0) > 0 || (isWithin && to.length === 3);
  const counted = isPatch || lower.includes("-") ? [] : counting(lower, from, to, isWithin);
  const isCounted = counted.length > 0 && counted.length <= MOST_ALTERNATIVES;
  return isCounted ? { alternatives: counted, isRewritten: true } : { alternatives: [upper], isRewritten: true, isOpen: true };
}

function counting(lower: string, from: readonly number[], to: readonly number[], isWithin: boolean): readonly string[] {
  const [major = 0, minor = 0, patch = 0] = from;
  const [lastMajor = 0, lastMinor = 0] = to;
  const more = isWithin ? 1 : 0;
  const endsInMinor = to.length > 1 && (lastMinor > 0 || isWithin);
  if (endsInMinor)
    return major === lastMajor
      ? [`~${from.length === 1 ? `${major}.0` : lower}`, ...numbersBetween(minor + 1, lastMinor + more).map((next) => `${major}.${next}`)]
      : [];
  const isWhole = minor === 0 && patch === 0;
  // "^0.3" would end before 0.4.
  if (major === 0 && !isWhole) return [];
  return [isWhole ? String(major) : `^${lower}`, ...numbersBetween(major + 1, lastMajor + more)];
}

/** Without "x", "-0" and what stands for any. */
function numbersOf(version: string): number[] {
  const [numbers = ""] = version.split("-");
  const parts = numbers.split(".");
  const end = parts.findIndex((part) => !/^\d/.test(part));
  return (end === -1 ? parts : parts.slice(0, end)).map(Number);
}

function numbersBetween(from: number, to: number): string[] {
  return Array.from({ length: Math.max(0, Math.min(to - from, MOST_ALTERNATIVES + 1)) }, (_, index) => String(from + index));
}

function orderOf(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0)) ?? 0;
  return (a[at] ?? 0) - (b[at] ?? 0);
}
