/*
 * Text of strangers, by one rule: which characters a name, label, path or value may have, and what stands in their place where text is
 * shown. Left out is what can forge a picture (control, line and direction characters), what cannot be seen (so that two names look like
 * one, or a name like none, or text hides in text) and what is no character (half of a surrogate pair is stored as another one).
 *
 * Joiners and variation selectors are kept where a script or an emoji needs them: between pictographs ("👩‍💻"), between letters of the scripts
 * that write with joiners (Persian, Hindi), after a pictograph ("❤️") and in a keycap ("1️⃣"). Each of them stands alone there, so nothing can be
 * hidden in a row of them. Emoji made of tag characters (three flags) and variants of ideographs are left out: they could carry any text unseen.
 */

/** Controls, formats, lone surrogates, separators, what renders as nothing by default, noncharacters, and the blank of Braille. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
/** Something that is seen: a letter, digit, mark of punctuation or symbol. */
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;
const PICTOGRAPH_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const PICTOGRAPH_BEHIND = /^\p{Extended_Pictographic}/u;
const JOINING =
  "[\\p{sc=Arab}\\p{sc=Syrc}\\p{sc=Deva}\\p{sc=Beng}\\p{sc=Guru}\\p{sc=Gujr}\\p{sc=Orya}\\p{sc=Taml}\\p{sc=Telu}\\p{sc=Knda}\\p{sc=Mlym}\\p{sc=Sinh}]";
const LETTER_BEFORE = new RegExp(`${JOINING}$`, "u");
const LETTER_BEHIND = new RegExp(`^${JOINING}`, "u");

/** Shown text that is longer is cut; whoever shows one name says how much of it. */
const MOST_SHOWN = 4000;

/** Why a line of text is not accepted as a name, label or sentence for people; undefined when it is. */
export function textReason(text: string): string | undefined {
  return hiddenReason(text) ?? (SEEN.test(text) ? undefined : "has nothing that can be seen");
}

/** Why a value of one line (which may be empty) is not accepted; undefined when it is. */
export function hiddenReason(text: string): string | undefined {
  return reasonFor(hiddenIn(text));
}

/** The same for several lines: line breaks and tabs are part of them. */
export function linesReason(text: string): string | undefined {
  return reasonFor(hiddenIn(text, isLayout));
}

/** One line that is safe to show: line breaks and tabs become spaces, what is hidden goes. */
export function plainText(text: string, most = MOST_SHOWN): string {
  return cut(withoutHidden(text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ")), most);
}

/** Several lines that are safe to show: line breaks and tabs stay. */
export function plainLines(text: string, most = MOST_SHOWN): string {
  return cut(
    replaceHidden(text.replace(/\r\n/g, "\n"), (character) => (isLayout(character) ? character : "")),
    most,
  );
}

/** A name that is safe to show and still tells itself from others: what is hidden stands there as its number. */
export function visibleText(text: string): string {
  return replaceHidden(text, (character) => `\\u{${numberOf(character)}}`);
}

/** The text with each hidden character replaced. */
export function replaceHidden(text: string, by: (character: string) => string): string {
  return text.replace(HIDDEN, (character, at: number) => (isJoinerInPlace(text, character, at) ? character : by(character)));
}

function withoutHidden(text: string): string {
  return replaceHidden(text, () => "");
}

interface Hidden {
  readonly character: string;
  readonly at: number;
}

function hiddenIn(text: string, except: (character: string) => boolean = () => false): Hidden | undefined {
  for (const { 0: character, index: at } of text.matchAll(HIDDEN))
    if (!except(character) && !isJoinerInPlace(text, character, at)) return { character, at };
  return undefined;
}

function reasonFor(hidden: Hidden | undefined): string | undefined {
  if (hidden === undefined) return undefined;
  const number = numberOf(hidden.character).toUpperCase().padStart(4, "0");
  return `has U+${number} at character ${hidden.at + 1}: no control, direction or invisible characters`;
}

function numberOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}

function isLayout(character: string): boolean {
  return character === "\n" || character === "\t";
}

function isJoinerInPlace(text: string, character: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at);
  const behind = text.slice(at + 1, at + 3);
  if (character === "\ufe0e" || character === "\ufe0f")
    return /\p{Extended_Pictographic}$/u.test(before) || (/[0-9#*]$/.test(before) && behind.startsWith("\u20e3"));
  if (character === "\u200d" && PICTOGRAPH_BEFORE.test(before) && PICTOGRAPH_BEHIND.test(behind)) return true;
  return (character === "\u200d" || character === "\u200c") && LETTER_BEFORE.test(before) && LETTER_BEHIND.test(behind);
}

function cut(text: string, most: number): string {
  // half of a pair is no character
  return text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…` : text;
}
