/** What may stand in a word without quotes. */
const PLAIN = /^[\w@%+=:,./~-]+$/;

/** A program and its arguments in one line, as one types them in a terminal. */
export function lineOf(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/**
 * A line as its words, by the quotes of a terminal's shell and by nothing else of it: | and $ are signs like others. Undefined while a quote is
 * not closed, or a backslash has nothing behind it.
 */
export function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < line.length; index++) {
    const sign = line[index] ?? "";
    const next = line[index + 1];
    if (quote !== "" && sign === quote) quote = "";
    else if (sign === "\\" && quote !== "'" && (quote === "" || next === quote || next === "\\")) {
      if (next === undefined) return undefined;
      word = (word ?? "") + next;
      index++;
    } else if (quote !== "") word = (word ?? "") + sign;
    else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= "";
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + sign;
  }
  if (quote !== "") return undefined;
  return word === undefined ? words : [...words, word];
}
