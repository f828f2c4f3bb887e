import fc from "fast-check";
import { expect, it } from "vitest";
import { each, firstOf, orderedTree, sizeOf, type Tree } from "./ordered-tree.ts";

/** Keys with the sum of their keys measured over each subtree. */
const SUMS = orderedTree<number, number, number>(
  (a, b) => a - b,
  (left, entry, right) => (left?.measure ?? 0) + entry + (right?.measure ?? 0),
);

function entriesOf(tree: Tree<number, number>): number[] {
  const entries: number[] = [];
  each(tree, (entry) => entries.push(entry));
  return entries;
}

/** Every branch is at most three times as heavy on one side as on the other. */
function isBalanced(tree: Tree<number, number>): boolean {
  if (tree === null) return true;
  const [left, right] = [sizeOf(tree.left) + 1, sizeOf(tree.right) + 1];
  return left <= 3 * right && right <= 3 * left && isBalanced(tree.left) && isBalanced(tree.right);
}

const arbitrarySteps = fc.array(fc.record({ puts: fc.boolean(), key: fc.integer({ min: 0, max: 60 }) }), { maxLength: 200, size: "max" });

it("is a balanced, measured, sorted set, whatever is put and removed", () => {
  fc.assert(
    fc.property(arbitrarySteps, fc.integer({ min: 0, max: 60 }), (steps, key) => {
      let tree: Tree<number, number> = null;
      const model = new Set<number>();
      for (const step of steps) {
        tree = step.puts ? SUMS.put(tree, step.key) : SUMS.remove(tree, step.key);
        if (step.puts) model.add(step.key);
        else model.delete(step.key);
      }
      const sorted = [...model].sort((a, b) => a - b);
      expect(entriesOf(tree)).toEqual(sorted);
      expect(isBalanced(tree)).toBe(true);
      expect(sizeOf(tree)).toBe(sorted.length);
      expect(tree?.measure ?? 0).toBe(sorted.reduce((sum, entry) => sum + entry, 0));
      expect(firstOf(tree)).toBe(sorted[0]);
      expect(SUMS.find(tree, key)).toBe(model.has(key) ? key : undefined);
      expect(SUMS.countBefore(tree, key)).toBe(sorted.filter((entry) => entry < key).length);
      expect(SUMS.lastBefore(tree, key)).toBe(sorted.findLast((entry) => entry < key));
      const from: number[] = [];
      SUMS.eachFrom(tree, key, (entry) => from.push(entry) < 3);
      expect(from).toEqual(sorted.filter((entry) => entry >= key).slice(0, 3));
    }),
  );
});

it("leaves the tree that was changed as it was", () => {
  let tree: Tree<number, number> = null;
  for (let key = 0; key < 50; key++) tree = SUMS.put(tree, key);
  const before = entriesOf(tree);
  SUMS.remove(tree, 25);
  SUMS.put(tree, 99);
  expect(entriesOf(tree)).toEqual(before);
  expect(SUMS.remove(tree, 99)).toBe(tree);
});
