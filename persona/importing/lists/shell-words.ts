/** Parted where a shell would begin another one whatever became of the first. */
export function commandsIn(script: string): string[] {
  const found: string[] = [];
  let from = 0;
  let quote = "";
  const text = script.slice(0, 20_000);
  for (let at = 0; at <= text.length; at++) {
    const character = text[at] ?? "\n";
    if (quote !== "" && at < text.length) {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "\n" || character === ";" || (character === "&" && text[at + 1] === "&")) {
      found.push(text.slice(from, at).trim());
      from = character === "&" ? ++at + 1 : at + 1;
    }
  }
  return found.filter(Boolean);
}

const SHELL_ONLY = new Set("|&;<>()$`\\#*?{}~");

/** The words of a plain command; undefined where a shell would do more with it than part it. */
export function wordsOf(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (const character of text.slice(0, 5_000)) {
    if (quote !== "") {
      if (character === quote) quote = "";
      else if (quote === '"' && "$`\\".includes(character)) return undefined;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (SHELL_ONLY.has(character)) return undefined;
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return quote === "" ? words : undefined;
}
