import { type Line, linesOf } from "./lines.ts";
import { notMergeable } from "./mergeable-format.ts";

/** A key of an INI file with all lines of its value. */
export interface IniEntry {
  readonly key: string;
  /** As it is written behind the sign. */
  readonly written: string;
  /** Where the value stands on its first line. */
  readonly valueFrom: number;
  /** Behind the value, before the line end of its last line. */
  readonly valueTo: number;
  /** Its first line, and behind its last. */
  readonly from: number;
  readonly to: number;
  /** Without a sign: a key alone. */
  readonly bare: boolean;
}

/** A part of an INI file: what stands before the first header has none. One name may come several times. */
export interface IniSection {
  readonly name: string | undefined;
  /** Of the header's line; for the first part both are 0. */
  readonly from: number;
  readonly to: number;
  readonly entries: IniEntry[];
  /** Something in it that programs read differently: no key of it can be told for sure. */
  odd: boolean;
}

export interface IniRules {
  /** The name in a header's brackets. Throws `NotMergeable`. */
  readonly sectionName: (inside: string) => string;
  /** An indented line goes on with the value above. */
  readonly indentedGoesOn: boolean;
  /** A backslash at a line's end is known to go on with the next line; else programs differ. */
  readonly backslashGoesOn: boolean;
  /** Signs between key and value. */
  readonly signs: string;
}

export function iniSections(text: string, rules: IniRules): IniSection[] {
  const sections: IniSection[] = [{ name: undefined, from: 0, to: 0, entries: [], odd: false }];
  const lines = linesOf(text);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    const section = sections.at(-1);
    if (line === undefined || section === undefined) break;
    const content = line.text.trim();
    if (content === "" || isComment(content)) continue;
    if (content.startsWith("[") && !isValueGoingOn(line, section, rules)) sections.push(sectionAt(line, content, rules));
    else index = readEntry(lines, index, section, rules);
  }
  return sections;
}

export function isComment(content: string): boolean {
  return content.startsWith("#") || content.startsWith(";");
}

function sectionAt({ from, to }: Line, content: string, rules: IniRules): IniSection {
  const end = content.lastIndexOf("]");
  if (end === -1) throw notMergeable("a header does not end");
  const comment = Math.min(...[content.indexOf(" #"), content.indexOf(" ;")].filter((at) => at !== -1), content.length);
  const close = end > comment ? content.lastIndexOf("]", comment) : end;
  if (close === -1) throw notMergeable("a header does not end");
  const behind = content.slice(close + 1).trim();
  return { name: rules.sectionName(content.slice(1, close)), from, to, entries: [], odd: behind !== "" && !isComment(behind) };
}

/** Deeper than the key above it. */
function isValueGoingOn(line: Line, { entries }: IniSection, { indentedGoesOn }: IniRules): boolean {
  const above = entries.at(-1);
  return indentedGoesOn && above !== undefined && blanks(line.text) > above.valueFrom - above.from - lengthOfHead(above);
}

function lengthOfHead({ from, valueFrom, key }: IniEntry): number {
  // the key's own indent is what is left of the place of the value; kept by `readEntry` in the key's length
  return Math.min(valueFrom - from, key.length);
}

function blanks(text: string): number {
  return text.length - text.trimStart().length;
}

function readEntry(lines: readonly Line[], index: number, section: IniSection, rules: IniRules): number {
  void lines;
  void section;
  void rules;
  return index;
}
