import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ImageHolder, ImageRecord } from "#repository";
import { bytesOf, type CollectableImage, imagesToCollect, neededReferences } from "./image-collection.ts";

type Told = [name: string, standsOn: string | undefined, bytes: number, usedAt: number, mark?: "needed" | "inUse" | "orphan"];

/** Names in capitals are images, the others layers. */
const imagesOf = (...told: Told[]): CollectableImage[] =>
  told.map(([reference, standsOn, bytes, usedAt, mark]) => ({
    ...{ reference, standsOn, bytes, usedAt, madeAt: 0 },
    kind: reference === reference.toUpperCase() ? "image" : "layer",
    needed: mark === "needed",
    inUse: mark === "inUse",
    isOrphan: mark === "orphan",
  }));

describe("under a budget", () => {
  /** Two images share layer a; B also stands on b. C stands alone. */
  const three = imagesOf(["a", undefined, 10, 0], ["A", "a", 5, 3], ["b", "a", 20, 0], ["B", "b", 5, 1], ["C", undefined, 30, 2]);

  test.each<[number, string[]]>([
    [70, []],
    [69, ["B", "b"]],
    [45, ["B", "b"]],
    [44, ["B", "b", "C"]],
    [14, ["B", "b", "C", "A", "a"]],
    [0, ["B", "b", "C", "A", "a"]],
  ])("%d: the least recently used first, with the layers that nobody else stands on", (budget, expected) => {
    expect(imagesToCollect(three, budget).flat()).toEqual(expected);
  });

  test("what is needed or in use stays with all that it stands on, though it is older and more than the budget", () => {
    const images = imagesOf(["a", undefined, 10, 0], ["A", "a", 5, 1, "needed"], ["B", "a", 5, 2, "inUse"], ["C", "a", 5, 9]);
    expect(imagesToCollect(images, 0)).toEqual([["C"]]);
  });

  test("layers that were left by a build go by their age", () => {
    const images = imagesOf(["a", undefined, 10, 1], ["b", "a", 10, 1], ["A", undefined, 10, 2], ["c", undefined, 10, 5, "inUse"]);
    expect(imagesToCollect(images, 29)).toEqual([["b", "a"]]);
    expect(imagesToCollect(images, 15)).toEqual([["b", "a"], ["A"]]);
  });
});

/** Trees of up to 30: each stands on an earlier layer, or on nothing. */
const forests = fc
  .array(fc.tuple(fc.nat(), fc.nat(100), fc.nat(20), fc.constantFrom("needed", "inUse", undefined, undefined), fc.boolean()), {
    maxLength: 30,
  })
  .map((parts) => {
    const images: CollectableImage[] = [];
    for (const [index, [on, bytes, usedAt, mark, isImage]] of parts.entries()) {
      const layers = images.filter(({ kind }) => kind === "layer");
      const standsOn = layers[on % (layers.length + 1)]?.reference;
      const kind = isImage ? ("image" as const) : ("layer" as const);
      const protection = { needed: isImage && mark === "needed", inUse: mark === "inUse", isOrphan: false };
      images.push({ reference: `${kind}-${index}`, kind, standsOn, bytes, usedAt, madeAt: 0, ...protection });
    }
    return images;
  });

test("laws: nothing protected goes, nothing that anything kept stands on, no more than must, and the budget holds where it can", () => {
  fc.assert(
    fc.property(forests, fc.nat(2000), (images, budget) => {
      const gone = imagesToCollect(images, budget).flat();
      const isGone = new Set(gone);
      const kept = images.filter(({ reference }) => !isGone.has(reference));
      expect(isGone.size).toBe(gone.length);
      for (const image of images) if (image.needed || image.inUse) expect(isGone.has(image.reference)).toBe(false);
      for (const { standsOn } of kept) if (standsOn !== undefined) expect(isGone.has(standsOn)).toBe(false);
      if (bytesOf(images) <= budget) expect(gone).toEqual([]);
      const standing = new Set(kept.map(({ standsOn }) => standsOn));
      const removable = kept.filter(({ needed, inUse, reference }) => !needed && !inUse && !standing.has(reference));
      if (bytesOf(kept) > budget) expect(removable).toEqual([]);
      // In an order in which the engine can remove them.
      for (const [index, reference] of gone.entries())
        for (const image of images) if (image.standsOn === reference) expect(gone.slice(0, index)).toContain(image.reference);
    }),
  );
});

test("needed is what workspaces run on, and what the next start of their version gets", () => {
  const record = (version: number, revision: number, reference: string, current: boolean): ImageRecord => ({
    ...{ persona: "p", version, revision, reference, current, builtAt: 0, usedAt: 0, isOrphan: false },
  });
  const records = [record(1, 1, "old", false), record(1, 2, "new", true), record(2, 1, "unused", true)];
  const holder = (state: ImageHolder["state"]): ImageHolder => ({ workspace: "w", persona: "p", version: 1, state, reference: "old" });
  expect([...neededReferences(records, [holder("ready")])].sort()).toEqual(["new", "old"]);
  expect([...neededReferences(records, [holder("suspended")])]).toEqual(["new"]);
  expect([...neededReferences(records, [])]).toEqual([]);
});

test("what is of no persona any more goes whatever the budget, with the layers of it alone, unless somebody runs on it", () => {
  const images = imagesOf(
    ["a", undefined, 10, 0],
    ["A", "a", 5, 9, "orphan"],
    ["b", "a", 20, 0],
    ["B", "b", 5, 1],
    ["c", "a", 7, 0],
    ["C", "c", 5, 8, "orphan"],
  );
  expect(imagesToCollect(images, 1_000)).toEqual([["C", "c"], ["A"]]);
  expect(
    imagesToCollect(
      images.map((image) => ({ ...image, needed: image.reference === "C" })),
      1_000,
    ),
  ).toEqual([["A"]]);
});
