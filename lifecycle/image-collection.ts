import type { StoredImage } from "#provisioning";
import type { ImageHolder, ImageRecord } from "#repository";

/** An image or layer on the engine, with what is known of its use. */
export interface CollectableImage extends StoredImage {
  /** Wall-clock ms: last begun or ended on, else made. */
  readonly usedAt: number;
  /** Some workspace runs on it, or will when it starts or is resumed. */
  readonly needed: boolean;
  /** It was of personas that were removed alone. */
  readonly isOrphan: boolean;
}

/** States in which a workspace has, or may have, a sandbox on the image that its row names. */
const ON_ITS_IMAGE: ReadonlySet<string> = new Set(["provisioning", "ready", "suspending", "failing", "releasing"]);

/**
 * References that workspaces need: what they run on, and what the next start of their version gets, for a suspended one is
 * resumed on that, and a queued one starts on it. Pure.
 */
export function neededReferences(records: readonly ImageRecord[], holders: readonly ImageHolder[]): ReadonlySet<string> {
  const current = new Map(records.filter(({ current }) => current).map((record) => [versionKey(record), record.reference]));
  return new Set(
    holders.flatMap((holder) => {
      const next = current.get(versionKey(holder));
      const present = ON_ITS_IMAGE.has(holder.state) ? holder.reference : undefined;
      return [next, present].filter((reference) => reference !== undefined);
    }),
  );
}

export function versionKey({ persona, version }: Pick<ImageRecord, "persona" | "version">): string {
  return `${persona}/${version}`;
}

/** What is on the engine, with its use. Pure. */
export function collectable(
  stored: readonly StoredImage[],
  { records, holders }: { readonly records: readonly ImageRecord[]; readonly holders: readonly ImageHolder[] },
): readonly CollectableImage[] {
  const needed = neededReferences(records, holders);
  return stored.map((image) => {
    const own = records.filter(({ reference }) => reference === image.reference);
    return {
      ...image,
      usedAt: Math.max(image.madeAt, ...own.map(({ usedAt }) => usedAt)),
      needed: needed.has(image.reference),
      isOrphan: own.length > 0 && own.every(({ isOrphan }) => isOrphan),
    };
  });
}

export function bytesOf(images: readonly Pick<StoredImage, "bytes">[]): number {
  return images.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * What goes so that the rest takes at most `budget` bytes, in groups and in the order in which it must go: what is of no persona any more in
 * any case, then the least recently used first, each followed by the layers that nothing stands on any more then. What is needed or in use stays, and all that it stands on, even
 * when that alone is more. Pure.
 */
export function imagesToCollect(images: readonly CollectableImage[], budget: number): readonly (readonly string[])[] {
  const byReference = new Map(images.map((image) => [image.reference, image]));
  const standing = new Map<string, number>();
  for (const { standsOn } of images) if (standsOn !== undefined) standing.set(standsOn, (standing.get(standsOn) ?? 0) + 1);
  const isFree = (image: CollectableImage) => !image.needed && !image.inUse && (standing.get(image.reference) ?? 0) === 0;
  const groups: string[][] = [];
  let left = bytesOf(images);
  for (const oldest of images.filter(isFree).sort(byLastUse)) {
    if (left <= budget && !oldest.isOrphan) break;
    const group: string[] = [];
    let next: CollectableImage | undefined = oldest;
    while (next !== undefined && isFree(next)) {
      group.push(next.reference);
      left -= next.bytes;
      const below: string | undefined = next.standsOn;
      if (below !== undefined) standing.set(below, (standing.get(below) ?? 1) - 1);
      next = below === undefined ? undefined : byReference.get(below);
      // An image that another stood on is used for its own sake.
      if (next?.kind === "image") next = undefined;
    }
    groups.push(group);
  }
  return groups;
}

function byLastUse(a: CollectableImage, b: CollectableImage): number {
  return Number(b.isOrphan) - Number(a.isOrphan) || a.usedAt - b.usedAt || (a.reference < b.reference ? -1 : 1);
}
