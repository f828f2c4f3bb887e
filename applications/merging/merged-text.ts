import { type LeftFileReason, MAXIMUM_MERGED_BYTES } from "@guise/contract";
import { renderTree, type TreeFormat } from "../formats/index.ts";
import { isRecord } from "../setting-value.ts";
import { gitConfig } from "./git-config.ts";
import { json } from "./json.ts";
import type { MergeableFormat } from "./mergeable-format.ts";
import { plainIni } from "./plain-ini.ts";
import { properties } from "./properties.ts";
import { toml } from "./toml.ts";
import { changesBetween, isSame, type Manner, type Tree, wantedTree } from "./tree.ts";
import { yaml } from "./yaml.ts";

const FORMATS: Readonly<Record<TreeFormat, MergeableFormat>> = { json, ini: plainIni, gitconfig: gitConfig, toml, yaml, properties };

export interface Merging {
  readonly format: TreeFormat;
  /** The persona's. */
  readonly keys: Tree;
  readonly manner: Manner;
}

export type Merged = { readonly text: Uint8Array; readonly left?: never } | { readonly left: LeftFileReason; readonly text?: never };

const MARK = "\ufeff";

/**
 * The person's file with the persona's keys set in it and everything else as it was: comments, order, blanks, line ends. What was made is
 * read again, and must say what the file said before with those keys and nothing else; else the file is left. Made twice, it changes nothing.
 */
export function mergedText(file: Uint8Array, { format, keys, manner }: Merging): Merged {
  if (file.length > MAXIMUM_MERGED_BYTES) return { left: "too_large" };
  const whole = textOf(file);
  if (whole === undefined) return { left: "not_text" };
  const mark = whole.startsWith(MARK) ? MARK : "";
  const text = whole.slice(mark.length);
  const rules = FORMATS[format];
  if (text.trim() === "") return { text: Buffer.from(mark + (Object.keys(keys).length === 0 ? text : renderTree(format, keys))) };
  let theirs: Tree;
  try {
    theirs = rules.read(text);
  } catch {
    // parsers have errors of their own, and end with a RangeError where a text is nested too deeply
    return { left: "not_readable" };
  }
  return merged({ text, mark, theirs, file }, rules, { keys, manner });
}

interface Theirs {
  readonly text: string;
  readonly mark: string;
  readonly theirs: Tree;
  readonly file: Uint8Array;
}

function merged({ text, mark, theirs, file }: Theirs, rules: MergeableFormat, { keys, manner }: Omit<Merging, "format">): Merged {
  try {
    const wanted = wantedTree(theirs, rules.asRead(keys), manner);
    const changes = changesBetween(theirs, wanted);
    if (changes.length === 0) return { text: file };
    // an object has keys of the person's own
    if (changes.some(({ over }) => isRecord(over) && Object.keys(over).length > 0)) return { left: "not_mergeable" };
    const edited = rules.edit(text, changes);
    return isSame(rules.read(edited), wanted) ? { text: Buffer.from(mark + edited) } : { left: "not_mergeable" };
  } catch {
    return { left: "not_mergeable" };
  }
}

/** Undefined for what is not UTF-8, or has bytes that no text has. */
function textOf(file: Uint8Array): string | undefined {
  if (file.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file);
  } catch {
    return undefined;
  }
}
