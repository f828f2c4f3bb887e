import { type IniEntry, type IniFlavour, type IniSection, iniSections, isComment } from "./ini-sections.ts";
import { notMergeable } from "./mergeable-format.ts";
import { indentOf, lineEndOf, lineStart, type Splice, spliced, withLastLineEnded } from "./splice.ts";
import type { Change } from "./tree.ts";
import { leavesOf } from "./tree.ts";

/** How keys are written where there are none to go by. */
export interface IniStyle {
  /** Two names are one. Throws `NotMergeable` where programs differ. */
  same(one: string, other: string): boolean;
  value(value: string): string;
  header(section: string): string;
  readonly indent: string;
  readonly sign: string;
}

interface Setting {
  readonly key: string;
  readonly values: readonly string[];
}

/** The text with the changes, each in its own lines. */
export function edited(original: string, changes: readonly Change[], flavour: IniFlavour, style: IniStyle): string {
  const lineEnd = lineEndOf(original);
  const text = withLastLineEnded(original, lineEnd);
  const sections = iniSections(text, flavour);
  const splices: Splice[] = [];
  const added: string[] = [];
  for (const [name, settings] of bySection(changes)) {
    const own = sections.filter((section) => style.same(section.name, name));
    const edit = new SectionEdit(text, own, { ...style, sign: signIn(text, sections) ?? style.sign }, lineEnd);
    if (own.length === 0) added.push([style.header(name), ...edit.lines(settings, style.indent)].map((line) => line + lineEnd).join(""));
    else if (name === "" && own.every(({ entries }) => entries.length === 0)) splices.push(edit.atTop(settings, sections[1]));
    else splices.push(...settings.flatMap((setting) => edit.set(setting)));
  }
  return added.reduce((whole, block) => whole + (whole.trim() === "" ? "" : lineEnd) + block, spliced(text, splices));
}

function bySection(changes: readonly Change[]): Map<string, Setting[]> {
  const sections = new Map<string, Setting[]>();
  for (const { path, value } of changes.flatMap(({ path, value }) => leavesOf(value, path))) {
    const [section = "", key = ""] = path;
    sections.set(section, [...(sections.get(section) ?? []), { key, values: value as string[] }]);
  }
  return sections;
}

/** As the file's first key has it, where that is the usual sign. */
function signIn(text: string, sections: readonly IniSection[]): string | undefined {
  const first = sections.flatMap(({ entries }) => entries).find(({ value, keyTo, valueFrom }) => value !== "" && valueFrom > keyTo);
  const sign = first === undefined ? "" : text.slice(first.keyTo, first.valueFrom);
  return sign.trim() === "=" ? sign : undefined;
}

class SectionEdit {
  readonly #text: string;
  readonly #sections: readonly IniSection[];
  readonly #style: IniStyle;
  readonly #lineEnd: string;

  constructor(text: string, sections: readonly IniSection[], style: IniStyle, lineEnd: string) {
    this.#text = text;
    this.#sections = sections;
    this.#style = style;
    this.#lineEnd = lineEnd;
  }

  lines(settings: readonly Setting[], indent: string): string[] {
    return settings.flatMap(({ key, values }) => values.map((value) => `${indent}${key}${this.#style.sign}${this.#style.value(value)}`));
  }

  set(setting: Setting): Splice[] {
    const { key, values } = setting;
    if (this.#sections.some(({ doubtful }) => [...doubtful].some((hidden) => this.#style.same(hidden, key))))
      throw notMergeable(`whether ${key} is set is not sure`);
    const present = this.#sections.flatMap(({ entries }) => entries.filter((entry) => this.#style.same(entry.key, key)));
    const last = present.at(-1);
    if (last === undefined) return [this.#behindSection(setting)];
    if (present.length > values.length) throw notMergeable(`${key} is set ${present.length} times`);
    const replaced = present.flatMap((entry, index) => this.#replaced(entry, values[index] ?? ""));
    const more = this.#added({ key, values: values.slice(present.length) }, last.to, indentOf(this.#text, last.from));
    return more === undefined ? replaced : [...replaced, more];
  }

  /** What may be a comment for some program stays one, on a line of its own. */
  #replaced(entry: IniEntry, value: string): Splice[] {
    if (entry.value === value) return [];
    if (entry.doubtful) throw notMergeable(`what ${entry.key} is set to is not sure`);
    const { from, valueFrom, valueTo, keyTo, comment } = entry;
    const sign = valueFrom === keyTo ? this.#style.sign : "";
    const set = { from: valueFrom, to: valueTo, text: sign + this.#style.value(value) };
    if (comment === "") return [set];
    return [{ from, to: from, text: `${indentOf(this.#text, from)}${comment}${this.#lineEnd}` }, set];
  }

  /** Behind the last key of the last section of that name: comments below it may be about what follows. */
  #behindSection(setting: Setting): Splice {
    const section = this.#sections.findLast(({ entries }) => entries.length > 0) ?? this.#sections.at(-1);
    const last = section?.entries.at(-1);
    if (section === undefined || last?.doubtful === true) throw notMergeable(`where ${setting.key} could stand is not sure`);
    const indent = last === undefined ? this.#style.indent : indentOf(this.#text, last.from);
    return this.#added(setting, last?.to ?? section.to, indent) as Splice;
  }

  #added(setting: Setting, at: number, indent: string): Splice | undefined {
    if (setting.values.length === 0) return undefined;
    return {
      from: at,
      to: at,
      text: this.lines([setting], indent)
        .map((line) => line + this.#lineEnd)
        .join(""),
    };
  }

  /** Keys of no section: above the first header and the comments that belong to it. */
  atTop(settings: readonly Setting[], first: IniSection | undefined): Splice {
    let at = first?.from ?? this.#text.length;
    while (first !== undefined && at > 0) {
      const above = lineStart(this.#text, at - 1);
      if (!isComment(this.#text.slice(above, at).trim())) break;
      at = above;
    }
    return {
      from: at,
      to: at,
      text: this.lines(settings, "")
        .map((line) => line + this.#lineEnd)
        .join(""),
    };
  }
}
