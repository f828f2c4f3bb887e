import { type Line, linesOf } from "./lines.ts";
import { notMergeable } from "./mergeable-format.ts";

/** A key with all lines of its value. Places are of the whole text. */
export interface IniEntry {
  readonly key: string;
  readonly value: string;
  /** Its first line, and behind its last one. */
  readonly from: number;
  to: number;
  readonly keyTo: number;
  readonly valueFrom: number;
  /** Behind the value; a comment may follow. */
  valueTo: number;
  /** A comment that stands behind the value, for some programs; for others it is of the value. */
  readonly comment: string;
  /** Programs differ about it: it cannot be set, and nothing be put behind it. */
  readonly doubtful: boolean;
}

/** A part of the text; what stands before the first header is named "". One name may come several times. */
export interface IniSection {
  readonly name: string;
  readonly from: number;
  /** Behind the header's line. */
  readonly to: number;
  readonly entries: readonly IniEntry[];
  /** Keys that only some programs see. */
  readonly doubtful: ReadonlySet<string>;
}

/** What the flavours of INI differ in. */
export interface IniFlavour {
  /** The name of a section from its header, without blanks around it. Throws `NotMergeable`. */
  sectionName(header: string): string;
  /** The entry that begins in `lines[index]`, and how many lines it has. Throws `NotMergeable`. */
  entryAt(lines: readonly Line[], index: number): { readonly entry: IniEntry; readonly lines: number; readonly hidden: readonly string[] };
}

export function isComment(content: string): boolean {
  return content.startsWith("#") || content.startsWith(";");
}

export function iniSections(text: string, flavour: IniFlavour): IniSection[] {
  const sections = [{ name: "", from: 0, to: 0, entries: [] as IniEntry[], doubtful: new Set<string>() }];
  const lines = linesOf(text);
  for (let index = 0; index < lines.length; ) {
    const { text: written, from, to } = lines[index] as Line;
    const content = written.trim();
    if (content.startsWith("[")) sections.push({ name: flavour.sectionName(content), from, to, entries: [], doubtful: new Set() });
    if (content === "" || isComment(content) || content.startsWith("[")) {
      index += 1;
      continue;
    }
    const read = flavour.entryAt(lines, index);
    const section = sections.at(-1);
    section?.entries.push(read.entry);
    for (const key of read.hidden) section?.doubtful.add(key);
    index += read.lines;
  }
  return sections;
}

/** What stands between the first and the last bracket; a comment may follow the last. */
export function bracketed(header: string): string {
  const close = header.indexOf("]");
  const behind = header.slice(close + 1).trim();
  if (close === -1 || (behind !== "" && !isComment(behind))) throw notMergeable(`${header} is no header`);
  return header.slice(1, close);
}
