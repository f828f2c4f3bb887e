import { CodedError } from "#foundation";
import type { Change, Tree } from "./tree.ts";

/** A file format whose texts can be edited in place. Both throw for what they do not understand, `NotMergeable` or what their parser throws. */
export interface MergeableFormat {
  /** What the text says, for comparison. */
  read(text: string): Tree;
  /** The persona's keys as `read` would give them. */
  asRead(keys: Tree): Tree;
  /** The text with the changes and nothing else changed. */
  edit(text: string, changes: readonly Change[]): string;
}

/** The text is what it should be, but the change cannot be made in it alone. */
export class NotMergeable extends CodedError<"not_mergeable"> {
  override readonly name = "NotMergeable";
}

export function notMergeable(message: string): NotMergeable {
  return new NotMergeable("not_mergeable", message);
}
