import { compareQueued, type Queued } from "./order.ts";
import { orderedTree, type Tree } from "./ordered-tree.ts";

/**
 * The queue in order, and how often each demand in it was passed.
 *
 * An admission passes every demand ahead of it. Counting that in each of them would cost the length of the queue, so an
 * admission leaves one mark at the place it came from, and how often a demand was passed is the number of marks from
 * its own place backwards, less those that were there when it came (`base`).
 */
export interface Waiting {
  readonly demand: Queued;
  /** Admissions from the gap right behind this demand. */
  readonly marks: number;
  /** Marks behind this place when the demand came; `OVERDUE` once it was passed as often as is allowed. */
  readonly base: number;
  /** The node whose free room is held for it. Only an overdue demand has one. */
  readonly held: string | null;
}

interface Key {
  readonly demand: Queued;
}

interface Sum {
  readonly marks: number;
  /** The most that one demand was passed, by marks within the subtree; overdue demands do not count. */
  readonly passed: number;
}

export type Line = Tree<Waiting, Sum>;

/** An overdue demand's base: nothing passes it any more, and the count is `-Infinity` for ever. */
const OVERDUE = Number.POSITIVE_INFINITY;

export const LINE = orderedTree<Key, Waiting, Sum>((a, b) => compareQueued(a.demand, b.demand), sumUp);

function sumUp(left: Line, entry: Waiting, right: Line): Sum {
  const behindEntry = marksOf(right) + entry.marks;
  return {
    marks: marksOf(left) + behindEntry,
    passed: Math.max(
      left === null ? Number.NEGATIVE_INFINITY : left.measure.passed + behindEntry,
      behindEntry - entry.base,
      right === null ? Number.NEGATIVE_INFINITY : right.measure.passed,
    ),
  };
}

const marksOf = (line: Line): number => (line === null ? 0 : line.measure.marks);

export function join(line: Line, demand: Queued): Line {
  return LINE.put(line, { demand, marks: 0, base: marksBehind(line, demand), held: null });
}

/** Takes a demand out of the queue; when it was `admitted`, it passed all that are ahead of it. */
export function leave(line: Line, demand: Queued, admitted: boolean): Line {
  const entry = LINE.find(line, { demand });
  const rest = LINE.remove(line, { demand });
  const ahead = LINE.lastBefore(rest, { demand });
  const marks = (entry?.marks ?? 0) + (admitted ? 1 : 0);
  return ahead === undefined || marks === 0 ? rest : LINE.put(rest, { ...ahead, marks: ahead.marks + marks });
}

/** Takes the place that its new turn gives it. Who is ahead of where it was, and who is behind where it is, was passed as often as before, and so was it. */
export function rejoin(line: Line, before: Queued, after: Queued): Line {
  const entry = LINE.find(line, { demand: before });
  if (entry === undefined) return line;
  const passed = marksBehind(line, before) + entry.marks - entry.base;
  const rest = leave(line, before, false);
  return LINE.put(rest, { demand: after, marks: 0, base: marksBehind(rest, after) - passed, held: entry.held });
}

export function isOverdue(line: Line, demand: Queued): boolean {
  return LINE.find(line, { demand })?.base === OVERDUE;
}

export function hold(line: Line, demand: Queued, held: string | null): Line {
  const entry = LINE.find(line, { demand });
  return entry === undefined || entry.held === held ? line : LINE.put(line, { ...entry, held });
}

function marksBehind(line: Line, demand: Queued): number {
  let marks = 0;
  for (let at = line; at !== null; ) {
    if (compareQueued(at.entry.demand, demand) > 0) {
      marks += at.entry.marks + marksOf(at.right);
      at = at.left;
    } else at = at.right;
  }
  return marks;
}

/** Turns the demands ahead of `before` that were passed `limit` times overdue; `found` are those, in order. */
export function turnOverdue(line: Line, before: Queued, limit: number): { readonly line: Line; readonly found: readonly Queued[] } {
  const found: Queued[] = [];
  const turn = (tree: Line, behind: number): Line => {
    if (tree === null || tree.measure.passed + behind < limit) return tree;
    const passed = behind + marksOf(tree.right) + tree.entry.marks;
    const left = turn(tree.left, passed);
    if (compareQueued(tree.entry.demand, before) >= 0) return left === tree.left ? tree : LINE.branch(left, tree.entry, tree.right);
    const due = passed - tree.entry.base >= limit;
    if (due) found.push(tree.entry.demand);
    return LINE.branch(left, due ? { ...tree.entry, base: OVERDUE } : tree.entry, turn(tree.right, behind));
  };
  return { line: turn(line, 0), found };
}
