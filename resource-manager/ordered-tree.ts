/**
 * A persistent ordered set: every change answers with a new tree that shares all but one path with the old one, so
 * that a snapshot costs nothing to keep. Weight-balanced (the ⟨3, 2⟩ parameters of Hirai and Yamamoto), which also gives the
 * number of entries ahead of a key in O(log n). `measure` sums something up over each subtree.
 */
export interface Branch<E, M> {
  readonly entry: E;
  readonly left: Tree<E, M>;
  readonly right: Tree<E, M>;
  readonly size: number;
  readonly measure: M;
}
export type Tree<E, M = null> = Branch<E, M> | null;

export interface TreeOperations<K, E extends K, M> {
  /** Adds the entry, or replaces the one that is equal to it. */
  put(tree: Tree<E, M>, entry: E): Tree<E, M>;
  remove(tree: Tree<E, M>, key: K): Tree<E, M>;
  find(tree: Tree<E, M>, key: K): E | undefined;
  /** How many entries come before the key. */
  countBefore(tree: Tree<E, M>, key: K): number;
  /** The last entry before the key. */
  lastBefore(tree: Tree<E, M>, key: K): E | undefined;
  /** The entries at or after the key, in order, while `visit` answers true. */
  eachFrom(tree: Tree<E, M>, key: K, visit: (entry: E) => boolean): void;
  /** A branch over subtrees of which at most the contents changed. */
  branch(left: Tree<E, M>, entry: E, right: Tree<E, M>): Branch<E, M>;
}

const WEIGHT_RATIO = 3;
const SINGLE_ROTATION_RATIO = 2;

export function sizeOf(tree: Tree<unknown, unknown>): number {
  return tree === null ? 0 : tree.size;
}

export function firstOf<E, M>(tree: Tree<E, M>): E | undefined {
  let at = tree;
  while (at !== null && at.left !== null) at = at.left;
  return at?.entry;
}

/** All entries in order, while `visit` does not answer false. */
export function each<E, M>(tree: Tree<E, M>, visit: (entry: E) => unknown): boolean {
  if (tree === null) return true;
  return each(tree.left, visit) && visit(tree.entry) !== false && each(tree.right, visit);
}

/** The operations of trees ordered by `compare`. */
export function orderedTree<K, E extends K, M>(
  compare: (a: K, b: K) => number,
  measure: (left: Tree<E, M>, entry: E, right: Tree<E, M>) => M,
): TreeOperations<K, E, M> {
  const { branch, balanced } = balancing(measure);

  function put(tree: Tree<E, M>, entry: E): Branch<E, M> {
    if (tree === null) return branch(null, entry, null);
    const side = compare(entry, tree.entry);
    if (side < 0) return balanced(put(tree.left, entry), tree.entry, tree.right);
    if (side > 0) return balanced(tree.left, tree.entry, put(tree.right, entry));
    return branch(tree.left, entry, tree.right);
  }

  function remove(tree: Tree<E, M>, key: K): Tree<E, M> {
    if (tree === null) return null;
    const side = compare(key, tree.entry);
    if (side < 0) {
      const left = remove(tree.left, key);
      return left === tree.left ? tree : balanced(left, tree.entry, tree.right);
    }
    if (side > 0) {
      const right = remove(tree.right, key);
      return right === tree.right ? tree : balanced(tree.left, tree.entry, right);
    }
    if (tree.left === null) return tree.right;
    const next = firstOf(tree.right);
    return next === undefined ? tree.left : balanced(tree.left, next, remove(tree.right, next));
  }

  return { put, remove, branch, ...looking<K, E, M>(compare) };
}

/** What only reads a tree. */
function looking<K, E extends K, M>(compare: (a: K, b: K) => number) {
  function find(tree: Tree<E, M>, key: K): E | undefined {
    for (let at = tree; at !== null; ) {
      const side = compare(key, at.entry);
      if (side === 0) return at.entry;
      at = side < 0 ? at.left : at.right;
    }
    return undefined;
  }

  function countBefore(tree: Tree<E, M>, key: K): number {
    let count = 0;
    for (let at = tree; at !== null; ) {
      if (compare(at.entry, key) < 0) {
        count += sizeOf(at.left) + 1;
        at = at.right;
      } else at = at.left;
    }
    return count;
  }

  function lastBefore(tree: Tree<E, M>, key: K): E | undefined {
    let last: E | undefined;
    for (let at = tree; at !== null; ) {
      if (compare(at.entry, key) < 0) {
        last = at.entry;
        at = at.right;
      } else at = at.left;
    }
    return last;
  }

  function eachFrom(tree: Tree<E, M>, key: K, visit: (entry: E) => boolean): boolean {
    if (tree === null) return true;
    if (compare(tree.entry, key) < 0) return eachFrom(tree.right, key, visit);
    return eachFrom(tree.left, key, visit) && visit(tree.entry) && each(tree.right, visit);
  }

  return { find, countBefore, lastBefore, eachFrom };
}

function balancing<E, M>(measure: (left: Tree<E, M>, entry: E, right: Tree<E, M>) => M) {
  function branch(left: Tree<E, M>, entry: E, right: Tree<E, M>): Branch<E, M> {
    return { entry, left, right, size: sizeOf(left) + sizeOf(right) + 1, measure: measure(left, entry, right) };
  }

  /** Both subtrees are balanced, and at most one entry was added to or taken from one of them. */
  function balanced(left: Tree<E, M>, entry: E, right: Tree<E, M>): Branch<E, M> {
    const leftWeight = sizeOf(left) + 1;
    const rightWeight = sizeOf(right) + 1;
    if (right !== null && rightWeight > WEIGHT_RATIO * leftWeight) return rotatedLeft(left, entry, right);
    if (left !== null && leftWeight > WEIGHT_RATIO * rightWeight) return rotatedRight(left, entry, right);
    return branch(left, entry, right);
  }

  function rotatedLeft(left: Tree<E, M>, entry: E, right: Branch<E, M>): Branch<E, M> {
    const inner = right.left;
    if (inner === null || sizeOf(inner) + 1 < SINGLE_ROTATION_RATIO * (sizeOf(right.right) + 1)) {
      return branch(branch(left, entry, inner), right.entry, right.right);
    }
    return branch(branch(left, entry, inner.left), inner.entry, branch(inner.right, right.entry, right.right));
  }

  function rotatedRight(left: Branch<E, M>, entry: E, right: Tree<E, M>): Branch<E, M> {
    const inner = left.right;
    if (inner === null || sizeOf(inner) + 1 < SINGLE_ROTATION_RATIO * (sizeOf(left.left) + 1)) {
      return branch(left.left, left.entry, branch(inner, entry, right));
    }
    return branch(branch(left.left, left.entry, inner.left), inner.entry, branch(inner.right, entry, right));
  }

  return { branch, balanced };
}
